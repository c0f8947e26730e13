import { describe, expect, test } from 'vitest';
import { drain } from '../../src/async/drain.js';
import { ModelMismatchError, RuntimeError, type CaptionDecoder, type DecoderStep } from '../../src/core/index.js';
import { resolveSearchOptions } from '../../src/search/options/resolve-options.js';
import { runSearch } from '../../src/search/run-search.js';
import { createBeamSearch } from '../../src/search/strategies/beam-search.js';
import { search, type SearchOptions } from '../../src/search/index.js';
import { RecordingDecoder, TableDecoder, type TableState } from '../../src/testing/index.js';
import { IMAGE } from './exhaustive.js';

const base = { startTokenIds: [0], endTokenIds: [1], maxLength: 6 } satisfies SearchOptions;

describe('greedy search', () => {
  test('takes the likeliest token at each step', async () => {
    const decoder = new TableDecoder({ vocabularySize: 12, seed: 5 });
    const [found] = await search(decoder, IMAGE, base);
    const tokenIds: number[] = [];
    while (tokenIds.length < 6) {
      const logits = decoder.logits([0, ...tokenIds]);
      const best = logits.indexOf(Math.max(...logits));
      if (best === 1) break;
      tokenIds.push(best);
    }
    expect(found?.tokenIds).toEqual(tokenIds);
  });

  test('is a beam search of one beam: same ids, same score', async () => {
    for (let seed = 0; seed < 40; seed++) {
      const decoder = new TableDecoder({ vocabularySize: 10, seed, bias: { 1: 1 }, regions: 3 });
      for (const earlyStopping of [true, false]) {
        const options = { ...base, lengthPenalty: 0.6, minLength: 1, noRepeatNgramSize: 2, earlyStopping };
        const settings = resolveSearchOptions(options, decoder);
        const beam = await drain(runSearch(decoder, IMAGE, settings, createBeamSearch(settings)));
        expect(await search(decoder, IMAGE, options)).toEqual(beam);
      }
    }
  });

  test('divides its score by the length too', async () => {
    const decoder = new TableDecoder({ vocabularySize: 10, seed: 1 });
    const [plain] = await search(decoder, IMAGE, { ...base, lengthPenalty: 0 });
    const [divided] = await search(decoder, IMAGE, { ...base, lengthPenalty: 2 });
    expect(divided?.tokenIds).toEqual(plain?.tokenIds);
    expect(plain?.score).toBe(plain?.logProb);
    expect(divided?.score).toBe((plain?.logProb as number) / (plain?.tokenLogProbs.length as number) ** 2);
  });

  test('prefers the lower token id among equals', async () => {
    const [found] = await search(new TableDecoder({ vocabularySize: 4, spread: 0 }), IMAGE, { ...base, maxLength: 2 });
    expect(found?.tokenIds).toEqual([0, 0]);
  });
});

describe('a search', () => {
  test('does not take a start token for an end', async () => {
    for (const numBeams of [1, 3]) {
      const decoder = new TableDecoder({ vocabularySize: 8, seed: 2, bias: { 0: 1.5 } });
      const options = { ...base, startTokenIds: [0], endTokenIds: [0], maxLength: 20, numBeams, minLength: 1 };
      const [found] = await search(decoder, IMAGE, options);
      expect(found?.isFinished).toBe(true);
      expect(found?.tokenIds.length).toBeGreaterThan(0);
      expect(found?.tokenIds).not.toContain(0);
    }
  });

  test('lets a start token that is an end token end the caption despite noRepeatNgramSize 1', async () => {
    const decoder = new TableDecoder({ vocabularySize: 8, bias: { 0: 100 } });
    const [found] = await search(decoder, IMAGE, { ...base, endTokenIds: [0], noRepeatNgramSize: 1 });
    expect(found).toMatchObject({ tokenIds: [], isFinished: true });
  });

  test('reads the start tokens one by one and never the last token', async () => {
    const decoder = new RecordingDecoder(new TableDecoder({ vocabularySize: 8, bias: { 1: -1000 } }));
    const [found] = await search(decoder, IMAGE, { ...base, startTokenIds: [5, 6, 7], maxLength: 4 });
    expect(decoder.starts).toBe(1);
    expect(decoder.steps).toEqual([[5], [6], [7], ...(found?.tokenIds ?? []).slice(0, 3).map((id) => [id])]);
    expect(decoder.reorders).toEqual([]);
  });

  test('fills the positions of the decoder, and no more', async () => {
    const decoder = new TableDecoder({ vocabularySize: 8, maxPositions: 6, bias: { 1: -1000 } });
    const options = { ...base, startTokenIds: [2, 3] };
    const [found] = await search(decoder, IMAGE, { ...options, maxLength: 5 });
    expect(found?.tokenIds).toHaveLength(5);
    const { maxLength: _, ...open } = options;
    expect((await search(decoder, IMAGE, open))[0]?.tokenIds).toHaveLength(5);
  });

  test('reorders the state only where the rows change', async () => {
    for (let seed = 0; seed < 20; seed++) {
      const decoder = new RecordingDecoder(new TableDecoder({ vocabularySize: 9, seed }));
      await search(decoder, IMAGE, { ...base, numBeams: 3, maxLength: 8 });
      let numRows = 1;
      const reorders = [...decoder.reorders];
      for (const { length } of decoder.steps.slice(1)) {
        const parents = length === numRows ? undefined : reorders.shift();
        if (parents) expect(parents).toHaveLength(length);
        numRows = length;
      }
      for (const parents of reorders) expect(parents).not.toEqual([0, 1, 2]);
      expect(Math.max(...decoder.steps.map(({ length }) => length))).toBe(3);
    }
  });

  test('gives each of two at once what it gives alone', async () => {
    const decoder = new TableDecoder({ vocabularySize: 30, seed: 3 });
    const options = { ...base, numBeams: 4, numCaptions: 4 };
    const others = { ...base, numBeams: 2, startTokenIds: [7] };
    const alone = [await search(decoder, IMAGE, options), await search(decoder, IMAGE, others)];
    expect(await Promise.all([search(decoder, IMAGE, options), search(decoder, IMAGE, others)])).toEqual(alone);
  });

  test('survives logits that overflow an exponential, and −Infinity', async () => {
    const decoder = new TableDecoder({ vocabularySize: 6, bias: { 2: 1e30, 3: 1e30, 4: -Infinity } });
    const found = await search(decoder, IMAGE, { ...base, numBeams: 3, numCaptions: 3 });
    for (const { logProb } of found) expect(logProb).toBeGreaterThan(-1e31);
    expect(found[0]?.logProb).toBeCloseTo(6 * Math.log(0.5), 5);
  });
});

describe('an abort', () => {
  test('before the start throws its reason and runs nothing', async () => {
    const decoder = new RecordingDecoder(new TableDecoder({ vocabularySize: 6 }));
    const reason = { why: 'the user left' };
    await expect(search(decoder, IMAGE, { ...base, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(decoder.steps).toEqual([]);
  });

  test.each([1, 3])('between two steps throws its reason and runs no further step (%i beams)', async (numBeams) => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const decoder = new RecordingDecoder(new TableDecoder({ vocabularySize: 6, bias: { 1: -1000 } }));
    const stopAtThree = {
      name: 'stop',
      process: () => {
        if (decoder.steps.length === 3) controller.abort(reason);
      },
    };
    const options = { ...base, numBeams, logitsProcessors: [stopAtThree], signal: controller.signal };
    await expect(search(decoder, IMAGE, options)).rejects.toBe(reason);
    expect(decoder.steps).toHaveLength(3);
  });

  test('during a step throws its reason, not a result', async () => {
    const controller = new AbortController();
    const decoder = new TableDecoder({ vocabularySize: 6 });
    const searching = search(decoder, IMAGE, { ...base, maxLength: 1, signal: controller.signal });
    controller.abort('late');
    await expect(searching).rejects.toBe('late');
  });
});

describe('a decoder that tells what its logits sum up to', () => {
  const sizes = { vocabularySize: 14, seed: 4, bias: { 1: 1 } };
  const plain = new TableDecoder(sizes);
  const telling = new TableDecoder({ ...sizes, hasSummary: true });

  test.each<[Partial<SearchOptions>]>([
    [{}],
    [{ repetitionPenalty: 1.5 }],
    [{ logitBias: { 3: 1 }, numBeams: 4, numCaptions: 4 }],
    [{ numBeams: 6, numBeamGroups: 3, noRepeatNgramSize: 2, bannedTokenIds: [5] }],
    [{ strategy: 'sample', numCaptions: 3, temperature: 1.2, topP: 0.9, seed: 5 }],
  ])('leads to the same captions: %j', async (options) => {
    const [found, expected] = await Promise.all(
      [telling, plain].map((decoder) => search(decoder, IMAGE, { ...base, ...options })),
    );
    expect(found!.map(({ tokenIds }) => tokenIds)).toEqual(expected!.map(({ tokenIds }) => tokenIds));
    found!.forEach(({ score, tokenLogProbs, tokenEntropies }, index) => {
      const close = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 5) as number);
      expect(score).toBeCloseTo(expected![index]!.score, 5);
      expect(tokenLogProbs).toEqual(close(expected![index]!.tokenLogProbs));
      expect(tokenEntropies).toEqual(close(expected![index]!.tokenEntropies));
    });
  });
});

describe('a decoder at fault', () => {
  const decoder = new TableDecoder({ vocabularySize: 6 });
  const { vocabularySize, maxPositions } = decoder;
  const broken = (step: (state: TableState) => Omit<DecoderStep<TableState>, 'state'>) =>
    ({
      vocabularySize,
      maxPositions,
      start: (image) => decoder.start(image),
      reorder: (state, parents) => decoder.reorder(state, parents),
      step: async (state) => ({ ...step(state), state }),
    }) satisfies CaptionDecoder<TableState>;

  test('that gives the wrong number of logits is a ModelMismatchError', async () => {
    const short = broken(() => ({ logits: new Float32Array(5) }));
    await expect(search(short, IMAGE, base)).rejects.toThrow(ModelMismatchError);
    await expect(search(short, IMAGE, base)).rejects.toThrow('1 row(s) of 6 values, found 5 values');
  });

  test('that gives attention of no whole rows is a ModelMismatchError', async () => {
    const odd = broken(({ rows }) => ({
      logits: new Float32Array(rows.length * 6),
      attention: new Float32Array(rows.length * 4 + (rows.length > 1 ? 1 : 0)),
    }));
    const decoding = search(odd, IMAGE, { ...base, numBeams: 2 });
    await expect(decoding).rejects.toMatchObject({ part: 'decoder attention' });
  });

  test('that tells the sums of another number of rows is a ModelMismatchError', async () => {
    const odd = broken(({ rows }) => ({
      logits: new Float32Array(rows.length * 6),
      summary: { logSumExps: new Float32Array(1), entropies: new Float32Array(1) },
    }));
    const decoding = search(odd, IMAGE, { ...base, numBeams: 2 });
    await expect(decoding).rejects.toMatchObject({ part: 'decoder logSumExps' });
  });

  test.each([NaN, Infinity])('that gives %f is a RuntimeError', async (value) => {
    const bad = broken(() => ({ logits: Float32Array.of(0, 1, value, 0, 0, 0) }));
    await expect(search(bad, IMAGE, base)).rejects.toThrow(RuntimeError);
  });

  test('that gives nothing but −Infinity is a RuntimeError', async () => {
    const bad = broken(() => ({ logits: new Float32Array(6).fill(-Infinity) }));
    await expect(search(bad, IMAGE, base)).rejects.toThrow(RuntimeError);
  });

  test('that throws is heard', async () => {
    const failure = new RuntimeError('out of memory');
    const bad = broken(() => {
      throw failure;
    });
    await expect(search(bad, IMAGE, base)).rejects.toBe(failure);
  });
});
