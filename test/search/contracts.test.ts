import { describe, expect, test } from 'vitest';
import {
  float32Tensor,
  ImageTooLargeError,
  ImageUnreadableError,
  ModelFileError,
  type CaptionDecoder,
  type ImageEncoder,
  type Platform,
  type Tokenizer,
} from '../../src/core/index.js';
import {
  type ContractCase,
  ContractError,
  decoderContract,
  imageEncoderContract,
  platformContract,
  RecordingDecoder,
  TableDecoder,
  type TableState,
  tokenizerContract,
} from '../../src/testing/index.js';

const IMAGE = { features: float32Tensor(Float32Array.of(0.5, -1), [1, 2]) };

function register(cases: readonly ContractCase[]): void {
  for (const { name, skip, run } of cases) test(name, { skip: skip !== undefined }, run);
}

/** Names of the cases that fail, without the name of what is tested. */
async function failures(cases: readonly ContractCase[]): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, run } of cases) {
    await run().catch((error: unknown) => {
      expect(error).toBeInstanceOf(ContractError);
      failed.push(name.slice(name.indexOf(': ') + 2));
    });
  }
  return failed;
}

const toy = new TableDecoder({ vocabularySize: 7, regions: 3, hasSummary: true });

describe('decoderContract', () => {
  register(decoderContract({ name: 'TableDecoder', create: () => toy, image: () => IMAGE }));
  register(decoderContract({ name: 'RecordingDecoder', create: () => new RecordingDecoder(toy), image: () => IMAGE }));

  const run = (decoder: CaptionDecoder<TableState>) =>
    failures(decoderContract({ name: 'broken', create: () => decoder, image: () => IMAGE }));
  const broken = (changes: Partial<CaptionDecoder<TableState>>): CaptionDecoder<TableState> => ({
    vocabularySize: 7,
    maxPositions: 64,
    start: (image) => toy.start(image),
    step: (state, tokenIds) => toy.step(state, tokenIds),
    reorder: (state, parents) => toy.reorder(state, parents),
    ...changes,
  });

  test('finds nothing wrong with a copy', async () => {
    expect(await run(broken({}))).toEqual([]);
  });

  test('finds a state that a step changes', async () => {
    const step: CaptionDecoder<TableState>['step'] = async (state, tokenIds) => {
      const next = await toy.step(state, tokenIds);
      return { ...next, state: Object.assign(state, next.state) };
    };
    expect(await run(broken({ step }))).toEqual(
      expect.arrayContaining([
        'a start state may be stepped from repeatedly',
        'a later state may be stepped from repeatedly',
      ]),
    );
  });

  test('finds a reorder that does nothing but grow', async () => {
    const reorder: CaptionDecoder<TableState>['reorder'] = (state, parents) =>
      parents.length === state.rows.length ? state : toy.reorder(state, parents);
    expect(await run(broken({ reorder }))).toEqual(['reorder permutes rows']);
  });

  test('finds rows that depend on each other', async () => {
    const step: CaptionDecoder<TableState>['step'] = async (state, tokenIds) => {
      const next = await toy.step(state, tokenIds);
      return { ...next, logits: next.logits.map((logit) => logit + tokenIds.length / 10) };
    };
    expect(await run(broken({ step }))).toContain('rows do not depend on each other');
  });

  test('finds logits that are kept', async () => {
    const kept = new Map<string, Float32Array>();
    const step: CaptionDecoder<TableState>['step'] = async (state, tokenIds) => {
      const next = await toy.step(state, tokenIds);
      const key = JSON.stringify(next.state);
      const logits = kept.get(key) ?? next.logits;
      kept.set(key, logits);
      return { ...next, logits };
    };
    expect(await run(broken({ step }))).toContain('the logits may be overwritten');
  });

  test('finds calls that must not overlap', async () => {
    let current: TableState = toy.start(IMAGE);
    const step: CaptionDecoder<TableState>['step'] = async (state, tokenIds) => {
      current = state;
      await Promise.resolve();
      return toy.step(current, tokenIds);
    };
    expect(await run(broken({ step }))).toEqual(['calls may overlap']);
  });

  test('finds attention that does not add up', async () => {
    const step: CaptionDecoder<TableState>['step'] = async (state, tokenIds) => {
      const next = await toy.step(state, tokenIds);
      return { ...next, attention: (next.attention as Float32Array).map((weight) => weight * 2) };
    };
    expect(await run(broken({ step }))).toEqual(['attention, if told, sums to 1 in each row']);
  });

  test('finds a summary of other logits', async () => {
    const step: CaptionDecoder<TableState>['step'] = async (state, tokenIds) => {
      const next = await toy.step(state, tokenIds);
      return { ...next, logits: next.logits.map((logit) => logit + 1) };
    };
    expect(await run(broken({ step }))).toEqual(['a summary, if told, is that of the logits']);
  });
});

describe('skipped cases', () => {
  const create = () => toy;

  test('have their reason and do nothing', async () => {
    const skip = { 'calls may overlap': 'the runtime has one thread' };
    const cases = decoderContract({ name: 'toy', create: () => expect.unreachable(), image: () => IMAGE, skip });
    const skipped = cases.filter((contractCase) => contractCase.skip !== undefined);
    expect(skipped).toMatchObject([{ name: 'toy: calls may overlap', skip: 'the runtime has one thread' }]);
    await skipped[0]?.run();
  });

  test('must exist', () => {
    expect(() => decoderContract({ name: 'toy', create, image: () => IMAGE, skip: { 'calls overlap': '' } })).toThrow(
      /no case "calls overlap".*calls may overlap/,
    );
  });
});

describe('imageEncoderContract', () => {
  const average: ImageEncoder = {
    encode: async ({ data }) => {
      const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
      return { mean: float32Tensor(Float32Array.of(mean), [1, 1]) };
    },
  };
  const picture = (seed: number) =>
    float32Tensor(
      Float32Array.from({ length: 12 }, (_, index) => Math.sin(seed + index)),
      [1, 3, 2, 2],
    );
  const options = { name: 'average', pixelValues: () => [picture(1), picture(2)] as const };
  register(imageEncoderContract({ ...options, create: () => average }));

  test('finds a result that is written to again', async () => {
    const mean = float32Tensor(new Float32Array(1), [1, 1]);
    const encode: ImageEncoder['encode'] = async (pixelValues) => {
      mean.data.set((await average.encode(pixelValues)).mean?.data as Float32Array);
      return { mean };
    };
    expect(await failures(imageEncoderContract({ ...options, create: () => ({ encode }) }))).toEqual([
      'a result is not written to by later calls',
      'calls may overlap',
    ]);
  });

  test('finds pixel values that are changed, and sizes that are wrong', async () => {
    const encode: ImageEncoder['encode'] = async ({ data }) => {
      const copy = data.slice();
      data.fill(0);
      return { copy: float32Tensor(copy, [1, 3]) };
    };
    expect(await failures(imageEncoderContract({ ...options, create: () => ({ encode }) }))).toEqual([
      'gives tensors whose data fill their dimensions',
      'the pixel values are left as they are',
      'calls may overlap',
    ]);
  });
});

describe('tokenizerContract', () => {
  const words = ['<start>', '<end>', 'a', 'dog', 'runs'];
  const tokenizer: Tokenizer = {
    vocabularySize: words.length,
    encode: (text) => (text === '' ? [] : text.split(' ').map((word) => words.indexOf(word))),
    decode: (ids) =>
      ids
        .filter((id) => id > 1)
        .map((id) => words[id])
        .join(' '),
    token: (id) => words[id],
  };
  const options = { name: 'words', texts: ['a dog runs', 'dog'], specialTokenIds: [0, 1] };
  register(tokenizerContract({ ...options, create: () => tokenizer }));

  test('finds what is wrong', async () => {
    const broken: Tokenizer = {
      ...tokenizer,
      encode: (text) => [0, ...tokenizer.encode(text), 99],
      decode: (ids) => ids.map((id) => words[id]).join(' '),
      token: (id) => words[id] ?? '',
    };
    expect(await failures(tokenizerContract({ ...options, create: () => broken }))).toEqual([
      'ids lie within the vocabulary',
      'texts come back',
      'encoding adds no special tokens',
      'special tokens yield no text',
      'an empty text has no tokens, and no tokens give an empty text',
      'an id outside the vocabulary has no token',
    ]);
  });
});

describe('platformContract', () => {
  /** A platform whose pictures are written `2x3`. */
  const platform: Platform<string> = {
    name: 'toy',
    decodeImage: async (source, { maxPixels = 100, signal } = {}) => {
      signal?.throwIfAborted();
      const [width = 0, height = 0] = source.split('x').map(Number);
      if (!(width * height > 0)) throw new ImageUnreadableError(source, `${source} is not an image.`);
      if (width * height > maxPixels) throw new ImageTooLargeError(source, width, height, maxPixels);
      return { width, height, data: new Uint8Array(width * height * 3) };
    },
    findModelFiles: async (source) => ({
      location: String(source),
      read: async (name) => {
        throw new ModelFileError(name, `${name} is missing.`);
      },
      has: async () => false,
    }),
    createSession: async (_, name) => {
      throw new ModelFileError(name, `${name} is not a graph.`);
    },
    fingerprint: async (source) => {
      const data = new Uint8Array(source as Uint8Array);
      const digest = await crypto.subtle.digest('SHA-256', data);
      return { bytes: data.length, sha256: Buffer.from(digest).toString('hex') };
    },
  };
  const options = {
    name: 'toy',
    samples: [{ name: 'six pixels', source: '2x3', width: 2, height: 3 }],
    garbage: 'garbage',
    missingModel: './missing',
  } as const;
  register(platformContract({ ...options, create: () => platform }));

  test('finds what is wrong', async () => {
    let count = 0;
    const broken: Platform<string> = {
      name: 'broken',
      decodeImage: async () => ({ width: 3, height: 2, data: new Uint8Array(18).fill(count++) }),
      findModelFiles: async () => ({ location: '', read: async () => new Uint8Array(0), has: async () => true }),
      createSession: async () => {
        throw new TypeError('no graph');
      },
      fingerprint: async (data) => platform.fingerprint(new Uint8Array((data as Uint8Array).buffer)),
    };
    expect(await failures(platformContract({ ...options, create: () => broken }))).toEqual([
      'pictures have the right size',
      'the same picture gives the same pixels, also when calls overlap',
      'a picture of more than maxPixels is an ImageTooLargeError',
      'what is not an image is an ImageUnreadableError',
      'a failure does not spoil later calls',
      'an abort reason is thrown untouched',
      'a file that is not a graph is a ModelFileError',
      'a model that is missing is a ModelFileError, or a FetchError behind a URL',
      'fingerprint hashes what a view shows, not its whole buffer',
    ]);
  });
});
