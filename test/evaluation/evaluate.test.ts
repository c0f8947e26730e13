import { describe, expect, it } from 'vitest';
import { evaluate, METRIC_NAMES, readCaptions } from '../../src/evaluation/index.js';
import { bleu, bootstrap, ciderD, meanOf, rougeL } from '../../src/metrics/index.js';
import { readRecord, recordedTokens } from '../metrics/record.js';

const record = readRecord('general');
const references = new Map(record.images.map(({ id, references: captions }) => [id, captions]));
const own = new Map(record.images.map(({ id, candidate }) => [id, candidate]));
const vague = new Map(record.images.map(({ id }) => [id, 'A person is outside.']));
const systems = [
  { name: 'people', captions: own, info: { kind: 'human' } },
  { name: 'vague', captions: vague },
];

describe('evaluate', () => {
  it('has the scores of the metrics, with intervals', async () => {
    const report = await evaluate({ systems, references, split: 'dev', samples: 200 });
    const images = recordedTokens(record);
    const [people] = report.systems;
    expect(report).toMatchObject({ imageCount: 80, split: 'dev', chosenOn: null, warnings: [] });
    expect(report.referencesPerImage).toEqual({ min: 4, mean: 4, max: 4 });
    expect(people!.scores.bleu4.estimate).toBeCloseTo(record.scores.bleu[3]!, 9);
    expect(people!.scores.rougeL.estimate).toBeCloseTo(rougeL(images).score, 12);
    expect(people!.scores.ciderD.estimate).toBeCloseTo(record.scores.ciderD, 9);
    expect(people!.scores.cider.estimate).toBeCloseTo(record.scores.cider, 9);
    expect(people!.scores.meteorLight.estimate).toBeCloseTo(record.scores.meteorLight, 9);
    const { perImage } = ciderD(images);
    expect(people!.scores.ciderD).toEqual(bootstrap(80, meanOf(perImage), { samples: 200 }));
    expect(report.images[3]).toMatchObject({
      image: record.images[3]!.id,
      captions: [record.images[3]!.candidate, 'A person is outside.'],
    });
    expect(report.images[3]!.scores[0]!.bleu4).toBeCloseTo(bleu(images).perImage[3]![3], 4);
    expect(people!.vocabulary.captions).toBe(80);
    expect(people!.info).toEqual({ kind: 'human' });
  });

  it('compares systems on the same samples', async () => {
    const { comparisons } = await evaluate({ systems, references, samples: 200 });
    expect(comparisons.map(({ a, b }) => [a, b])).toEqual([['people', 'vague']]);
    const { ciderD: difference } = comparisons[0]!.differences;
    expect(difference.low).toBeGreaterThan(0);
    expect(difference.pValue).toBeLessThan(0.05);
  });

  it('is plain JSON without NaN', async () => {
    const empty = new Map(record.images.map(({ id }) => [id, '']));
    const report = await evaluate({ systems: [{ name: 'mute', captions: empty }], references, samples: 100 });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    for (const name of METRIC_NAMES) expect(report.systems[0]!.scores[name].estimate).toBeLessThan(1e-3);
    expect(report.systems[0]!.vocabulary.distinct).toEqual([null, null, null, null]);
  });

  it('takes captions as they come, of files, and by other names', async () => {
    async function* running() {
      for (const [image, caption] of own) yield { image: `photos/${image}`, caption };
    }
    const lines = [...own].map(([image, caption]) => JSON.stringify({ image, caption })).join('\n');
    const report = await evaluate({
      systems: [
        { name: 'running', captions: running() },
        { name: 'file', captions: await readCaptions(lines) },
        { name: 'map', captions: own },
      ],
      references,
      samples: 100,
    });
    const [first, ...others] = report.systems.map(({ scores }) => scores);
    for (const scores of others) expect(scores).toEqual(first);
    expect(report.comparisons[0]!.differences.ciderD).toMatchObject({ estimate: 0, low: 0, high: 0, pValue: 1 });
  });

  it("matches COCO's results by id", async () => {
    const coco = await readCaptions(
      '{"images":[{"id":7,"file_name":"a.jpg"},{"id":9,"file_name":"b.jpg"}],' +
        '"annotations":[{"image_id":7,"caption":"a dog"},{"image_id":9,"caption":"a cat"}]}',
    );
    const results = await readCaptions('[{"image_id":9,"caption":"a cat"},{"image_id":7,"caption":"a dog"}]');
    const report = await evaluate({ systems: [{ name: 'x', captions: results }], references: coco, samples: 100 });
    expect(report.images.map(({ image, captions }) => [image, captions[0]])).toEqual([
      ['a.jpg', 'a dog'],
      ['b.jpg', 'a cat'],
    ]);
  });

  it('has CLIPScore and retrieval of vectors that are given, with intervals', async () => {
    const names = ['a', 'b', 'c'];
    const axis = (i: number): number[] => names.map((_, at) => (at === i ? 1 : 0));
    const texts: Readonly<Record<string, number[]>> = {
      right: axis(0),
      'two b': axis(1),
      other: [0, 1, 1],
      ref: [1, 1, 1],
    };
    let asked = 0;
    const embeddings = {
      name: 'toy',
      image: (name: string) => axis(names.indexOf(name)),
      text: async (text: string) => {
        asked++;
        return texts[text]!;
      },
    };
    const captions = new Map([
      ['a', 'right'],
      ['b', 'two b'],
      ['c', 'two b'],
    ]);
    const options = {
      references: new Map(names.map((name) => [name, ['ref']])),
      systems: [
        { name: 'x', captions },
        { name: 'same', captions },
      ],
      samples: 100,
      embeddings,
    };
    const { systems: found, imageTextModel } = await evaluate(options);
    expect(imageTextModel).toBe('toy');
    const { clipScore, refClipScore, imagesByCaption, captionsByImage } = found[0]!.imageText!;
    expect(clipScore.estimate).toBeCloseTo((2.5 + 2.5 + 0) / 3, 12);
    const cosine = 1 / Math.sqrt(3);
    expect(refClipScore.estimate).toBeCloseTo((2 * (2 * 2.5 * cosine)) / (2.5 + cosine) / 3, 12);
    expect(clipScore.low).toBeLessThan(clipScore.high);
    expect(imagesByCaption.recall[0]).toMatchObject({ k: 1, count: 2, total: 3, rate: 2 / 3 });
    expect(captionsByImage.recall.map(({ k }) => k)).toEqual([1, 5, 10]);
    expect(found[1]!.imageText).toEqual(found[0]!.imageText);
    expect(asked).toBe(3); // each text once
    const missing = { ...embeddings, text: () => undefined as never };
    await expect(evaluate({ ...options, embeddings: missing })).rejects.toThrow(/no embedding of the text "right"/);
    expect((await evaluate({ ...options, embeddings: undefined! })).systems[0]!.imageText).toBeNull();
  });

  it('tells what was seen in training, and what a measure of bias says', async () => {
    const report = await evaluate({
      systems,
      references,
      training: ['A person is outside!', record.images[0]!.candidate],
      bias: (images, name) => `${name}: ${images.length}, ${images[0]!.references.length} references`,
      samples: 100,
    });
    expect(report.systems.map(({ vocabulary }) => vocabulary.seenInTraining)).toEqual([1 / 80, 1]);
    expect(report.systems[1]!.bias).toBe('vague: 80, 4 references');
  });
});

describe('bad input', () => {
  const few = new Map([
    ['a', ['a dog', ' ']],
    ['b', ['a cat']],
    ['c', ['']],
    ['d', ['two birds']],
  ]);

  it('counts what is missing and what is too much', async () => {
    const captions = [
      { image: 'a', caption: 'a dog' },
      { image: 'a', caption: 'another dog' },
      { image: 'b', caption: 'a cat' },
      { image: 'c', caption: 'x' },
      { image: 'z', caption: 'y' },
    ];
    const report = await evaluate({ systems: [{ name: 'x', captions }], references: few, samples: 100 });
    expect(report.imageCount).toBe(2);
    expect(report.warnings.map(({ code, count, examples }) => [code, count, examples])).toEqual([
      ['EMPTY_REFERENCE', 2, ['a', 'c']],
      ['SEVERAL_CAPTIONS', 1, ['a']],
      ['REFERENCE_MISSING', 2, ['c', 'z']],
      ['CAPTION_MISSING', 1, ['d']],
      ['FEW_IMAGES', 1, []],
    ]);
  });

  it('says that CIDEr of one image is 0 by definition', async () => {
    const report = await evaluate({
      systems: [{ name: 'x', captions: new Map([['b', 'a cat']]) }],
      references: few,
      samples: 100,
    });
    expect(report.systems[0]!.scores.ciderD.estimate).toBe(0);
    expect(report.warnings.find(({ code }) => code === 'ONE_IMAGE')?.message).toMatch(/CIDEr is 0 by definition/);
    expect(JSON.stringify(report)).not.toMatch(/NaN|:null,"high"/);
  });

  it.each([
    [{ systems: [], references: few }, 'systems', /no systems/],
    [{ systems: [systems[0]!, systems[0]!], references }, 'systems', /Two systems are named "people"/],
    [{ systems, references: new Map<string, string[]>() }, 'references', /no references/],
    [{ systems: [{ name: 'x', captions: new Map([['q', 'w']]) }], references: few }, 'captions', /names of the images/],
    [
      { systems: [{ name: 'x', captions: [{ image: 'a', caption: 5 as any }] }], references: few },
      'captions',
      /not a text/,
    ],
    [{ systems, references, samples: 3 }, 'samples', /at least 100/],
  ])('refuses case %#', async (options, argument, message) => {
    await expect(evaluate(options)).rejects.toThrow(message);
    await expect(evaluate(options)).rejects.toMatchObject({ argument });
  });
});
