import type { Statistic } from '../metrics/index.js';
import type { SortedImage } from './images.js';
import type { Lexicon } from './lexicon/lexicon.js';
import { jensenShannonDivergence } from './measures/divergence.js';
import { divide } from './measures/divide.js';
import { jointScore, referenceFidelity } from './measures/fidelity.js';
import { isGroup } from './measures/misclassification.js';
import { neutralQuality } from './measures/neutral-quality.js';

/** The figures of a report that are computed again on each bootstrap sample. Null: not defined for these images at all. */
export interface BiasStatistics {
  readonly errorOfLabelled: Statistic;
  readonly errorOfNamed: Statistic;
  readonly coverage: Statistic;
  readonly ratio: Statistic | null;
  readonly labelRatio: number | null;
  readonly ratioDeviation: Statistic | null;
  readonly outcomeDivergence: Statistic | null;
  /** The mean fidelity of a group. */
  readonly fidelityOf: (group: string) => Statistic;
  readonly captionQuality: Statistic | null;
  readonly peopleQuality: Statistic | null;
  /** Q. */
  readonly quality: Statistic | null;
  /** G. */
  readonly fidelity: Statistic;
  /** J. */
  readonly joint: Statistic | null;
}

/**
 * Scores images once, so that samples only add up.
 *
 * @param minImages a group of fewer images in the set has no figures
 */
export function biasStatistics(images: readonly SortedImage[], lexicon: Lexicon, minImages: number): BiasStatistics {
  const { groupNames } = lexicon;
  const sizes = new Map(groupNames.map((group) => [group, images.filter(({ label }) => label === group).length]));
  const isLarge = (group: string): boolean => (sizes.get(group) ?? 0) >= minImages;
  const areLarge = groupNames.every(isLarge);
  const { captions, people } = qualityStatistics(images, lexicon);
  const quality = captions && people && ratioOf(captions, people, 1);
  const fidelityOf = fidelityStatistics(images, isLarge);
  const fidelity = areLarge ? leastFidelity(groupNames.map(fidelityOf)) : () => null;
  const labelRatio = groupNames.length === 2 ? divide(sizes.get(groupNames[1]!)!, sizes.get(groupNames[0]!)!) : null;
  const ratio = groupNames.length === 2 && areLarge ? ratioStatistic(images, groupNames) : null;
  return {
    ...errorStatistics(images, minImages),
    ratio,
    labelRatio,
    ratioDeviation: ratio && labelRatio !== null ? (sample) => subtract(labelRatio, ratio(sample)) : null,
    outcomeDivergence: groupNames.length === 2 && areLarge ? divergenceStatistic(images, groupNames) : null,
    fidelityOf,
    captionQuality: captions,
    peopleQuality: people,
    quality,
    fidelity,
    joint: quality && ((sample) => jointOf(quality(sample), fidelity(sample))),
  };
}

function subtract(minuend: number, subtrahend: number | null): number | null {
  return subtrahend === null ? null : minuend - subtrahend;
}

function jointOf(quality: number | null, fidelity: number | null): number | null {
  return quality === null || fidelity === null ? null : jointScore(quality, fidelity);
}

type Errors = Pick<BiasStatistics, 'errorOfLabelled' | 'errorOfNamed' | 'coverage'>;

function errorStatistics(images: readonly SortedImage[], minImages: number): Errors {
  const isNamed = ({ label, category }: SortedImage): boolean => label !== null && isGroup(category);
  const labelled = Uint8Array.from(images, ({ label }) => (label === null ? 0 : 1));
  const named = Uint8Array.from(images, (image) => (isNamed(image) ? 1 : 0));
  const wrong = Uint8Array.from(images, (image) => (isNamed(image) && image.category !== image.label ? 1 : 0));
  const share =
    (part: Uint8Array, whole: Uint8Array): Statistic =>
    (sample) =>
      sum(whole, sample) < minImages ? null : sum(part, sample) / sum(whole, sample);
  return {
    errorOfLabelled: share(wrong, labelled),
    errorOfNamed: share(wrong, named),
    coverage: share(named, labelled),
  };
}

function ratioStatistic(images: readonly SortedImage[], [first, second]: readonly string[]): Statistic {
  const named = (group: string | undefined): Uint8Array =>
    Uint8Array.from(images, ({ label, category }) => (label !== null && category === group ? 1 : 0));
  const [a, b] = [named(first), named(second)];
  return (sample) => divide(sum(b, sample), sum(a, sample));
}

function divergenceStatistic(images: readonly SortedImage[], groupNames: readonly string[]): Statistic {
  const labels = Int8Array.from(images, ({ label }) => (label === null ? -1 : groupNames.indexOf(label)));
  const outcomes = Uint8Array.from(images, ({ label, category }) =>
    category === label ? 0 : isGroup(category) ? 1 : 2,
  );
  return (sample) => {
    const counts = groupNames.map(() => [0, 0, 0]);
    for (const image of sample) if (labels[image] !== -1) counts[labels[image]!]![outcomes[image]!]!++;
    return jensenShannonDivergence(counts[0]!, counts[1]!);
  };
}

function fidelityStatistics(
  images: readonly SortedImage[],
  isLarge: (group: string) => boolean,
): (group: string) => Statistic {
  const scores = Float64Array.from(images, (image) => referenceFidelity(image) ?? NaN); // NaN: left out below
  return (group) => (sample) => {
    if (!isLarge(group)) return null;
    let total = 0;
    let count = 0;
    for (const image of sample) {
      if (images[image]!.label !== group || Number.isNaN(scores[image])) continue;
      total += scores[image]!;
      count++;
    }
    return divide(total, count);
  };
}

/** The least mean of a group, at least 0. */
function leastFidelity(statistics: readonly Statistic[]): Statistic {
  return (sample) => {
    const means = statistics.map((statistic) => statistic(sample));
    return means.includes(null) ? null : Math.max(0, Math.min(...(means as number[])));
  };
}

interface QualityStatistics {
  readonly captions: Statistic | null;
  readonly people: Statistic | null;
}

function qualityStatistics(images: readonly SortedImage[], lexicon: Lexicon): QualityStatistics {
  const canRewrite = /^en\b/iu.test(lexicon.data.language) && lexicon.data.counterparts !== undefined;
  if (!canRewrite) return { captions: null, people: null };
  const { positions, captions, people } = neutralQuality(images, lexicon);
  if (positions.length < 2) return { captions: null, people: null };
  const spread = (scores: Float64Array): Float64Array => {
    const all = new Float64Array(images.length).fill(NaN); // NaN: left out below
    positions.forEach((position, index) => (all[position] = scores[index]!));
    return all;
  };
  return { captions: meanOfScored(spread(captions)), people: meanOfScored(spread(people)) };
}

/** The mean over those images of a sample that have a score. */
function meanOfScored(scores: Float64Array): Statistic {
  return (sample) => {
    let total = 0;
    let count = 0;
    for (const image of sample) {
      if (Number.isNaN(scores[image])) continue;
      total += scores[image]!;
      count++;
    }
    return divide(total, count);
  };
}

function ratioOf(a: Statistic, b: Statistic, most: number): Statistic {
  return (sample) => {
    const [numerator, denominator] = [a(sample), b(sample)];
    if (numerator === null || denominator === null || denominator === 0) return null;
    return Math.min(most, numerator / denominator);
  };
}

function sum(values: Uint8Array, sample: Int32Array): number {
  let total = 0;
  for (const image of sample) total += values[image]!;
  return total;
}
