import { biasReport } from '../../src/bias/index.js';
import type { EvalReport } from '../../src/cli/eval/measure-bias.js';
import { evaluate } from '../../src/evaluation/index.js';

const SAMPLES = 100;

/** A report of two systems on 72 images, among them the examples cat.jpg and coffee.jpg; `wrong` takes one woman in five for a man. */
export async function sampleReport(): Promise<EvalReport> {
  const people = Array.from({ length: 70 }, (_, i) => [`person-${i}.jpg`, i % 2 === 0 ? 'man' : 'woman'] as const);
  const things = [
    ['cat.jpg', 'A cat looks ahead.'],
    ['coffee.jpg', 'A cup of coffee stands on a table.'],
  ] as const;
  const references = new Map<string, readonly string[]>([
    ...people.map(
      ([image, who], i) =>
        [image, ['runs', 'walks', 'stands'].map((verb) => `A ${who} ${verb} in place ${i % 7}.`)] as const,
    ),
    ...things.map(([image, text]) => [image, [text, 'A photograph of a thing.']] as const),
  ]);
  const captions = (said: (who: string, i: number) => string): Map<string, string> =>
    new Map([
      ...people.map(([image, who], i) => [image, `A ${said(who, i)} runs in place ${i % 7}.`] as const),
      ...things,
    ]);
  return evaluate({
    title: 'Sample',
    systems: [
      { name: 'right', captions: captions((who) => who) },
      { name: 'wrong', captions: captions((who, i) => (i % 10 === 1 ? 'man' : who)) },
    ],
    references,
    samples: SAMPLES,
    // Without what takes long.
    bias: (images) => ({
      ...biasReport(images, { bootstrap: { samples: SAMPLES }, amplification: { words: ['run'] }, leakage: false }),
      curve: null,
    }),
  });
}
