import { readFile } from 'node:fs/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { nodePlatform } from '../../src/adapters/node/index.js';
import { float32Tensor, ModelMismatchError, RuntimeError, type Session } from '../../src/core/index.js';
import { MergedDecoder } from '../../src/layouts/public/merged-decoder.js';
import { openModel } from '../../src/model/index.js';
import { decoderContract, imageEncoderContract } from '../../src/testing/index.js';
import { graph } from '../adapters/node/support.js';
import { checkpointFiles } from '../hub/checkpoints.js';

const platform = nodePlatform();
const model = await openModel(platform, checkpointFiles('vit'));
const toy = await platform.createSession(await readFile(graph('merged.onnx')), 'merged.onnx');
afterAll(async () => {
  await Promise.all([model.release(), toy.release()]);
});

const SIZES = { vocabularySize: 5, maxPositions: 9, numHeads: 1, headWidth: 2 };
const IMAGE = { last_hidden_state: float32Tensor(Float32Array.of(1, 2, 3, 4, 5, 6), [1, 3, 2]) }; // its sum is 21

const pixels = (seed: number) =>
  float32Tensor(
    Float32Array.from({ length: 3 * 32 * 32 }, (_, i) => Math.sin(i * seed)),
    [1, 3, 32, 32],
  );

const contracts = [
  ...imageEncoderContract({
    name: 'HiddenStateEncoder',
    create: () => model.encoder,
    pixelValues: () => [pixels(0.01), pixels(0.02)],
  }),
  ...decoderContract({
    name: 'MergedDecoder of a GPT-2',
    create: () => model.decoder,
    image: () => model.encoder.encode(pixels(0.01)),
  }),
  ...decoderContract({
    name: 'MergedDecoder of a graph that shares no picture',
    create: () => new MergedDecoder({ session: toy }, SIZES),
    image: () => IMAGE,
  }),
];
for (const { name, run, skip } of contracts) test.skipIf(skip !== undefined)(name, run);

/** The session, its runs written down. */
function watched(session: Session): { session: Session; runs: Parameters<Session['run']>[] } {
  const runs: Parameters<Session['run']>[] = [];
  const run: Session['run'] = (...args) => {
    runs.push(args);
    return session.run(...args);
  };
  const release = (): Promise<void> => session.release();
  return { session: { ...session, inputs: session.inputs, outputs: session.outputs, run, release }, runs };
}

describe('a merged decoder', () => {
  test('is told of words, positions and patches, and keeps the picture’s keys of its first step', async () => {
    const decoder = new MergedDecoder({ session: toy }, SIZES);
    const first = await decoder.step(decoder.start(IMAGE), [3]);
    // the sums of the words and of the picture, the words, the position, the patches
    expect([...first.logits]).toEqual([3, 21, 1, 0, 3]);
    const two = await decoder.step(decoder.reorder(first.state, [0, 0]), [4, 1]);
    expect([...two.logits]).toEqual([7, 21, 2, 1, 3, 4, 21, 2, 1, 3]);
    const swapped = await decoder.step(decoder.reorder(two.state, [1, 0]), [2, 2]);
    expect([...swapped.logits]).toEqual([6, 21, 3, 2, 3, 9, 21, 3, 2, 3]);
  });

  test('gives one picture for all rows where the graph takes that', async () => {
    const encoded = await model.encoder.encode(pixels(0.01));
    const session = (await openSession()) as Session;
    const { session: spy, runs } = watched(session);
    const decoder = new MergedDecoder(
      { session: spy },
      { vocabularySize: 300, maxPositions: 32, numHeads: 2, headWidth: 8 },
    );
    const three = await decoder.step(decoder.reorder(decoder.start(encoded), [0, 0, 0]), [1, 2, 3]);
    await decoder.step(three.state, [4, 5, 6]);
    expect(runs.map(([feeds]) => feeds.encoder_hidden_states!.dims[0])).toEqual([1, 1]);
    expect(runs.map(([feeds]) => feeds.use_cache_branch!.data[0])).toEqual([0, 1]);
    await session.release();
  });

  test('finds out once that a graph wants a picture for each row', async () => {
    const { session, runs } = watched(toy);
    const decoder = new MergedDecoder({ session }, SIZES);
    const three = await decoder.step(decoder.reorder(decoder.start(IMAGE), [0, 0, 0]), [1, 2, 3]);
    const next = await decoder.step(three.state, [4, 5, 6]);
    await decoder.step(next.state, [1, 2, 3]);
    expect(runs.map(([feeds]) => feeds.encoder_hidden_states!.dims[0])).toEqual([3, 1, 3, 3]);
  });

  test('passes on what fails with a picture for each row too', async () => {
    const decoder = new MergedDecoder({ session: toy }, SIZES);
    const state = decoder.reorder(decoder.start(IMAGE), [0, 0]);
    await expect(decoder.step(state, [1, 2, 3])).rejects.toBeInstanceOf(RuntimeError);
    const wide = new MergedDecoder({ session: toy }, { ...SIZES, vocabularySize: 6 });
    await expect(wide.step(wide.start(IMAGE), [1])).rejects.toBeInstanceOf(ModelMismatchError);
  });

  test('refuses features of another width than the graph’s', () => {
    const decoder = new MergedDecoder({ session: toy }, SIZES);
    const image = { last_hidden_state: float32Tensor(new Float32Array(9), [1, 3, 3]) };
    expect(() => decoder.start(image)).toThrow(/encoder_hidden_states: expected \[1, patches, 2\], found \[1, 3, 3\]/);
  });
});

describe('a decoder that has been taken apart', () => {
  test('computes what depends on the image once, for all rows and searches', async () => {
    const decoders: ReturnType<typeof watched>[] = [];
    const spying = {
      ...platform,
      async createSession(...args: Parameters<typeof platform.createSession>) {
        const found = watched(await platform.createSession(...args));
        if (args[1].includes('decoder')) decoders.push(found);
        return found.session;
      },
    };
    const { encoder, decoder, release } = await openModel(spying, checkpointFiles('vit'));
    const encoded = await encoder.encode(pixels(0.01));
    const first = await decoder.step(decoder.start(encoded), [1]);
    await decoder.step(decoder.reorder(first.state, [0, 0, 0]), [1, 2, 3]);
    await decoder.step(decoder.start(encoded), [4]);
    const [imagePart, stepPart] = decoders.map(({ runs }) => runs.map(([feeds]) => Object.keys(feeds)));
    expect(imagePart).toEqual([['encoder_hidden_states']]);
    expect(stepPart).toHaveLength(3);
    expect(stepPart!.flat()).not.toContain('encoder_hidden_states');
    await decoder.step(decoder.start(await encoder.encode(pixels(0.02))), [1]);
    expect(decoders[0]!.runs).toHaveLength(2);
    await release();
  });

  test.each([
    ['keys are repeated for a graph that wants them for each row', [1, 1, 3, 2], [1]],
    ['what may have no row for each image is computed again', [1], [1, 3]],
  ])('%s', async (_, dims, expected) => {
    const imageRows: number[] = [];
    const info = (name: string, ...sizes: (number | string)[]) => ({ name, type: 'float32', dims: sizes });
    const release = (): Promise<void> => Promise.resolve();
    const ofImages = (rows: number) => {
      const sizes = [rows, ...dims.slice(1)];
      return float32Tensor(new Float32Array(sizes.reduce((product, size) => product * size)), sizes);
    };
    const imagePart: Session = {
      inputs: [info('encoder_hidden_states', 'rows', 'patches', 2)],
      outputs: [info('of-image')],
      run: async ({ encoder_hidden_states: hidden }) => {
        imageRows.push(hidden!.dims[0]!);
        return { 'of-image': ofImages(hidden!.dims[0]!) };
      },
      release,
    };
    const session: Session = {
      inputs: [info('input_ids', 'rows', 1), info('of-image')],
      outputs: [info('logits', 'rows', 1, SIZES.vocabularySize)],
      run: async ({ input_ids: ids, 'of-image': ofImage }) => {
        const rows = ids!.dims[0]!;
        if (ofImage!.dims[0] !== rows) throw new RuntimeError('the rows are not the same');
        return {
          logits: float32Tensor(new Float32Array(rows * SIZES.vocabularySize), [rows, 1, SIZES.vocabularySize]),
        };
      },
      release,
    };
    const decoder = new MergedDecoder({ session, imagePart }, SIZES);
    const first = await decoder.step(decoder.start(IMAGE), [1]);
    const three = await decoder.step(decoder.reorder(first.state, [0, 0, 0]), [1, 2, 3]);
    await decoder.step(three.state, [4, 5, 6]);
    expect(imageRows).toEqual(expected);
  });

  test('is loaded whole if the runtime cannot read its parts, and gives the same logits', async () => {
    const refusing = {
      ...platform,
      createSession(...[graph, name, options]: Parameters<typeof platform.createSession>) {
        const isPart = name.includes('decoder') && options?.externalData !== undefined;
        return platform.createSession(isPart ? Uint8Array.of(1) : graph, name, options);
      },
    };
    const whole = await openModel(refusing, checkpointFiles('vit'));
    const logitsOf = async ({ encoder, decoder }: typeof whole): Promise<Float32Array[]> => {
      const start = decoder.start(await encoder.encode(pixels(0.01)));
      const one = await decoder.step(start, [1]);
      const three = await decoder.step(decoder.reorder(one.state, [0, 0, 0]), [1, 2, 3]);
      return [one.logits, three.logits];
    };
    const [found, expected] = [await logitsOf(model), await logitsOf(whole)].map((steps) =>
      steps.flatMap((step) => [...step]),
    );
    const largest = Math.max(...expected!.map(Math.abs));
    const difference = Math.max(...expected!.map((logit, i) => Math.abs(logit - found![i]!)));
    // A scale is multiplied in earlier, so the last digit may be another.
    expect(found).toHaveLength(expected!.length);
    expect(difference / largest).toBeLessThan(1e-6);
    await whole.release();
  });
});

function openSession(): Promise<unknown> {
  return platform.createSession(checkpointFiles('vit')['onnx/decoder_model_merged.onnx']!, 'decoder_model_merged.onnx');
}
