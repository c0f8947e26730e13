import { readFile } from 'node:fs/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { nodePlatform } from '../../src/adapters/node/index.js';
import {
  Captioner,
  DisposedError,
  ImageUnreadableError,
  InvalidArgumentError,
  type CaptionOptions,
} from '../../src/index.js';
import type { BeamVariant } from '../../src/search/index.js';
import { modelBuffers } from '../model/model-folder.js';
import { picture } from './pictures.js';

const CAT = picture('cat');
const PICTURES = ['cat', 'coffee', 'astronaut', 'rocket'].map(picture);
const captioner = await Captioner.load();
afterAll(() => captioner.dispose());

describe('options in words', () => {
  test('a prefix begins every caption', async () => {
    const { captions } = await captioner.caption(CAT, { prefix: 'a photo of', numBeams: 3, numCaptions: 3 });
    for (const { text, tokens } of captions) {
      expect(text).toMatch(/^A photo of \S/);
      expect(tokens[0]?.text).not.toBe('photo');
    }
  });

  test('a banned word does not come, in any of the captions', async () => {
    const { text } = await captioner.caption(CAT);
    const word = /\b[a-z]{3,}\b/.exec(text)![0];
    const { captions } = await captioner.caption(CAT, { bannedWords: [word], numBeams: 4, numCaptions: 4 });
    for (const { text } of captions) expect(text.toLowerCase().split(/\W+/)).not.toContain(word);
  });

  test('a banned phrase does not come, but its words may', async () => {
    const { words } = await captioner.caption(CAT);
    const phrase = words
      .slice(1, 3)
      .map(({ text }) => text)
      .join(' ');
    const { text } = await captioner.caption(CAT, { bannedWords: [phrase] });
    expect(text.toLowerCase()).not.toContain(phrase);
  });

  test('required words come, one of each list', async () => {
    const { captions } = await captioner.caption(CAT, {
      requiredWords: ['grass', ['ball', 'toy']],
      numBeams: 4,
      numCaptions: 2,
    });
    for (const { text } of captions) expect(text).toMatch(/\bgrass\b/);
    for (const { text } of captions) expect(text).toMatch(/\b(ball|toy)\b/);
  });

  test.each<[string, CaptionOptions]>([
    ['prefix', { prefix: 'a xylqwz of' }],
    ['requiredWords', { requiredWords: ['xylqwz'] }],
    ['requiredWords', { requiredWords: ['dog'], numBeams: 1 }],
    ['requiredWords', { requiredWords: ['a dog runs on the grass'], maxLength: 4 }],
    ['bannedWords', { bannedWords: [''] }],
    ['bannedWords', { bannedWords: 'dog' as never }],
    ['requiredWords', { requiredWords: [7 as never] }],
    ['prefix', { prefix: 7 as never }],
    ['prefix', { prefix: 'a '.repeat(200) }],
    ['temperature', { strategy: 'beam', temperature: 2 } as never],
    ['numCaptions', { numCaptions: 2.5 }],
  ])('what cannot be honoured is an error that names %s: %j', async (argument, options) => {
    const error: unknown = await captioner.caption('/no/such/picture.jpg', options).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect(error).toMatchObject({ argument, message: expect.stringContaining(argument) as string });
  });

  test.each<[BeamVariant, CaptionOptions]>([
    ['clipcap', {}],
    ['show-attend-tell', { numBeams: 3, lengthPenalty: 0 }],
  ])('beams of a model that says so end as the option %s has it', async (beamVariant, options) => {
    await using model = await Captioner.load(
      modelBuffers(({ generation }) => Object.assign(generation, { beamVariant })),
    );
    const expected = await captioner.caption(CAT, { ...options, beamVariant });
    expect((await model.caption(CAT, options)).score).toBe(expected.score);
  });

  test('beams are those of transformers, whatever the model says, if an option needs that', async () => {
    const change = { beamVariant: 'clipcap', earlyStopping: true };
    await using model = await Captioner.load(modelBuffers(({ generation }) => Object.assign(generation, change)));
    for (const options of [
      { earlyStopping: false },
      { numBeams: 4, numBeamGroups: 2, earlyStopping: true },
      { requiredWords: ['dog'], numBeams: 3, earlyStopping: true },
      { strategy: 'beam-sample', numBeams: 3, seed: 1, earlyStopping: true },
      { strategy: 'greedy' },
      { beamVariant: 'transformers', earlyStopping: true },
    ] as CaptionOptions[]) {
      expect((await model.caption(CAT, options)).score).toBe((await captioner.caption(CAT, options)).score);
    }
  });

  test('a banned word that the vocabulary lacks makes no difference', async () => {
    const { text } = await captioner.caption(CAT);
    expect((await captioner.caption(CAT, { bannedWords: ['xylqwz'] })).text).toBe(text);
  });
});

test('more captions than the model has beams are found with more beams', async () => {
  const { numBeams } = captioner.manifest.generation;
  const { captions } = await captioner.caption(CAT, { numCaptions: numBeams + 2 });
  const same = { numBeams: numBeams + 2, numCaptions: numBeams + 2 };
  expect(captions.map(({ score }) => score)).toEqual(
    (await captioner.caption(CAT, same)).captions.map(({ score }) => score),
  );
  await expect(captioner.caption(CAT, { numBeams: 2, numCaptions: 3 })).rejects.toMatchObject({
    argument: 'numCaptions',
  });
});

test('options of sampling mean sampling, without the beams of the model', async () => {
  const { text } = await captioner.caption(CAT, { seed: 5, temperature: 1.3 });
  expect(text).toBe((await captioner.caption(CAT, { strategy: 'sample', seed: 5, temperature: 1.3 })).text);
  const beams = await captioner.caption(CAT, { seed: 5, numBeams: 4 });
  expect(beams.text).toBe((await captioner.caption(CAT, { strategy: 'beam-sample', seed: 5, numBeams: 4 })).text);
});

describe('results', () => {
  test('words put the tokens together again', async () => {
    const { words, tokens, logProb, text } = await captioner.caption(CAT, { attention: true });
    expect(words.map((word) => word.text).join(' ')).toBe(
      text.replace(/\.$/, '').replace(/^./, (c) => c.toLowerCase()),
    );
    const sum = words.reduce((total, word) => total + word.logProb, 0);
    expect(sum).toBeCloseTo(
      tokens.reduce((total, token) => total + token.logProb, 0),
      6,
    );
    expect(sum).toBeGreaterThanOrEqual(logProb);
    for (const { attention } of words) expect(attention!.reduce((total, share) => total + share)).toBeCloseTo(1, 3);
  });

  test('sampling by seed', async () => {
    const draw = (seed: number) => captioner.caption(CAT, { strategy: 'sample', seed, numCaptions: 3, topP: 0.9 });
    const { captions } = await draw(1);
    expect(captions).toHaveLength(3);
    expect((await draw(1)).captions.map(({ text }) => text)).toEqual(captions.map(({ text }) => text));
    expect((await draw(2)).captions.map(({ text }) => text)).not.toEqual(captions.map(({ text }) => text));
  });

  test('confidence is what the calibration in the manifest makes of the statistics', async () => {
    const calibration = { intercept: 1, weights: { meanLogProb: 2, length: -0.1 }, definition: 'for this test' };
    await using calibrated = await Captioner.load(modelBuffers((manifest) => (manifest.calibration = calibration)));
    const { confidence, statistics, tokens, finishReason } = await calibrated.caption(CAT);
    expect(statistics.length).toBe(tokens.length + (finishReason === 'stop' ? 1 : 0));
    expect(statistics.minLogProb).toBeLessThanOrEqual(statistics.meanLogProb);
    expect(statistics.maxEntropy).toBeGreaterThanOrEqual(statistics.meanEntropy);
    const logit = 1 + 2 * statistics.meanLogProb - 0.1 * statistics.length;
    expect(confidence).toBeCloseTo(1 / (1 + Math.exp(-logit)), 10);
    const photograph = { intercept: -1, weights: { colorEntropy: 0.2 } };
    await using wary = await Captioner.load(
      modelBuffers((manifest) => (manifest.calibration = { ...calibration, photograph })),
    );
    const likeness = 1 / (1 + Math.exp(1 - 0.2 * statistics.colorEntropy));
    expect((await wary.caption(CAT)).confidence).toBeCloseTo(likeness / (1 + Math.exp(-logit)), 10);
    const wrong = modelBuffers((manifest) => (manifest.calibration = { ...calibration, weights: { luck: 1 } }));
    await expect(Captioner.load(wrong)).rejects.toMatchObject({ field: 'calibration.weights' });
  });
});

describe('a stream', () => {
  test.each<CaptionOptions>([{ numBeams: 1 }, { numBeams: 4 }, { strategy: 'sample', seed: 2 }, { prefix: 'two' }])(
    '%j gives the text of the caption in pieces',
    async (options) => {
      const { text, tokens } = await captioner.caption(CAT, options);
      const stream = captioner.stream(CAT, options);
      const pieces: string[] = [];
      for await (const piece of stream) pieces.push(piece);
      expect(pieces.join('')).toBe(text);
      expect((await stream.result).text).toBe(text);
      if (!('numBeams' in options && options.numBeams === 4) && !options.prefix) {
        const articles = text.match(/\ban?\b/gi)?.length ?? 0; // they wait for the word after them
        expect(pieces.length).toBeGreaterThanOrEqual(tokens.length - 2 * articles);
      }
    },
  );

  test('ends at once where the loop is left, and says so', async () => {
    let steps = 0;
    const counting = { name: 'count', process: () => (steps += 1) };
    const stream = captioner.stream(CAT, { numBeams: 1, logitsProcessors: [counting] });
    for await (const piece of stream) if (piece.length > 0) break;
    await expect(stream.result).rejects.toMatchObject({ name: 'AbortError' });
    expect(steps).toBeLessThanOrEqual(3); // an article waits for the word after it
  });

  test('throws what is wrong, and rejects its result with it', async () => {
    const stream = captioner.stream(CAT, { numBeams: 0 });
    const read = async () => {
      for await (const _ of stream);
    };
    await expect(read()).rejects.toMatchObject({ argument: 'numBeams' });
    await expect(stream.result).rejects.toMatchObject({ argument: 'numBeams' });
  });

  test('of a captioner that is disposed of meanwhile ends with DisposedError', async () => {
    const other = await Captioner.load();
    const stream = other.stream(CAT, { numBeams: 1 });
    const read = async () => {
      for await (const _ of stream) await other.dispose();
    };
    await expect(read()).rejects.toBeInstanceOf(DisposedError);
  });
});

describe('many pictures', () => {
  test('come in order, each with what it has alone', async () => {
    const alone: string[] = [];
    for (const path of PICTURES) alone.push((await captioner.caption(path)).text);
    const texts: string[] = [];
    for await (const outcome of captioner.captionAll(PICTURES)) {
      texts.push(outcome.status === 'fulfilled' ? outcome.value.text : String(outcome.reason));
    }
    expect(texts).toEqual(alone);
  });

  test('one that cannot be read does not stop the others', async () => {
    const seen: (string | undefined)[] = [];
    for await (const outcome of captioner.captionAll([CAT, '/no/such/picture.jpg', CAT], { maxAhead: 1 })) {
      seen.push(outcome.status);
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(ImageUnreadableError);
    }
    expect(seen).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  test('are taken from an asynchronous source no faster than they are described, which is closed', async () => {
    let taken = 0;
    let isClosed = false;
    async function* source() {
      try {
        for (;;) {
          taken++;
          yield await readFile(CAT);
        }
      } finally {
        isClosed = true;
      }
    }
    let described = 0;
    for await (const outcome of captioner.captionAll(source(), { maxAhead: 2, batchSize: 1, maxLength: 4 })) {
      expect(outcome.status).toBe('fulfilled');
      described++;
      expect(taken).toBeLessThanOrEqual(described + 3);
      if (described === 3) break;
    }
    await expect.poll(() => isClosed).toBe(true);
  });

  test.each([
    ['numBeams', PICTURES, { numBeams: 0 }],
    ['maxAhead', PICTURES, { maxAhead: 0 }],
    ['batchSize', PICTURES, { batchSize: 65 }],
    ['batchSize', PICTURES, { batchSize: 1.5 }],
    ['images', CAT, {}],
    ['images', 7, {}],
  ])('a wrong call is an error that names %s', async (argument, images, options) => {
    const read = async () => {
      for await (const _ of captioner.captionAll(images as never, options)) expect.unreachable();
    };
    await expect(read()).rejects.toMatchObject({ name: 'InvalidArgumentError', argument });
  });

  test('those before the failure of their source are described', async () => {
    function* source() {
      yield CAT;
      throw new RangeError('no more');
    }
    const seen: string[] = [];
    const read = async () => {
      for await (const { status } of captioner.captionAll(source())) seen.push(status);
    };
    await expect(read()).rejects.toThrow('no more');
    expect(seen).toEqual(['fulfilled']);
  });

  test('an abort ends the loop with its reason', async () => {
    const controller = new AbortController();
    const read = async () => {
      for await (const _ of captioner.captionAll(PICTURES, { signal: controller.signal })) controller.abort('enough');
    };
    await expect(read()).rejects.toBe('enough');
  });

  test('are decoded while another is described', async () => {
    const node = nodePlatform();
    const events: string[] = [];
    const decodeImage: typeof node.decodeImage = async (...args) => {
      events.push('read');
      return node.decodeImage(...args);
    };
    const platform = Object.assign(Object.create(node) as typeof node, { decodeImage });
    const { Captioner: Neutral } = await import('../../src/captioner/captioner.js');
    const { openModel } = await import('../../src/model/index.js');
    await using watched = new Neutral(platform, await openModel(node));
    for await (const _ of watched.captionAll(PICTURES.slice(0, 3), { maxAhead: 1, batchSize: 1 })) events.push('told');
    expect(events).toEqual(['read', 'read', 'told', 'read', 'told', 'told']);
  });
});
