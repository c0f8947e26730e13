import type { EvaluationReport } from '../../evaluation/index.js';
import { createRandom } from '../../numerics/random.js';
import type { ExampleGroup } from './page/data.js';

const EACH = 4;
const RANDOM = 8;

/** Images for the report: each system's best and worst, those on which systems differ most, and random ones. */
export function chooseExamples(report: EvaluationReport): ExampleGroup[] {
  const { systems, images } = report;
  const score = (image: number, system: number): number => images[image]!.scores[system]!.ciderD;
  const places = images.map((_, i) => i);
  const groups: ExampleGroup[] = [];
  if (systems.length > 1) {
    const spread = (image: number): number => {
      const scores = systems.map((_, system) => score(image, system));
      return Math.max(...scores) - Math.min(...scores);
    };
    groups.push({
      title: 'Largest differences',
      note: 'Images with the largest difference in CIDEr-D between systems.',
      images: [...places].sort((a, b) => spread(b) - spread(a)).slice(0, RANDOM),
    });
  }
  groups.push({
    title: 'Random examples',
    note: 'Chosen at random: typical captions.',
    images: shuffled(places, report.bootstrap.seed).slice(0, RANDOM),
  });
  for (const [system, { name }] of systems.entries()) {
    const byScore = [...places].sort((a, b) => score(b, system) - score(a, system));
    groups.push(
      { title: `Best captions of ${name}`, note: 'Highest CIDEr-D.', images: byScore.slice(0, EACH), system },
      {
        title: `Worst captions of ${name}`,
        note: 'Lowest CIDEr-D. The caption may be wrong, or correct in words that no reference uses.',
        images: byScore.slice(-EACH).reverse(),
        system,
      },
    );
  }
  return groups;
}

/** A copy in random order (Fisher and Yates). */
export function shuffled<T>(values: readonly T[], seed: number): T[] {
  const random = createRandom(seed, 1);
  const copy = [...values];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [copy[i], copy[j]] = [copy[j]!, copy[i]!];
  }
  return copy;
}
