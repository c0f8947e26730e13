import { readFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { nodePlatform } from '../../../src/adapters/node/index.js';
import type { GraphSource, NamedTensors, Session, SessionOptions, Tensor } from '../../../src/core/index.js';
import { caught, failure, graph } from './support.js';

const platform = nodePlatform();
const identityGraph = new Uint8Array(await readFile(graph('identity.onnx')));

async function load(name: string, numThreads?: number): Promise<Session> {
  const platform = nodePlatform(numThreads === undefined ? {} : { numThreads });
  const session = await platform.createSession(await readFile(graph(name)), name);
  onTestFinished(() => session.release());
  return session;
}

function floats(data: readonly number[], dims: readonly number[] = [data.length]): Tensor<'float32'> {
  return { type: 'float32', dims, data: new Float32Array(data) };
}

function cache(positions: number): Tensor<'float32'> {
  const data = Float32Array.from({ length: 4 * positions * 64 }, (_, index) => index);
  return { type: 'float32', dims: [1, 4, positions, 64], data };
}

/** Runs the graph that makes two rows of three out of six elements. */
async function reshape(session: Session): Promise<Tensor | undefined> {
  const { y } = await session.run({ x: floats([0, 1, 2, 3, 4, 5]) });
  return y;
}

describe('metadata', () => {
  test('names, types, and fixed, named and unnamed sizes', async () => {
    const { inputs, outputs } = await load('identity.onnx');
    expect(inputs).toEqual([
      { name: 'floats', type: 'float32', dims: ['batch', 2] },
      { name: 'longs', type: 'int64', dims: [''] },
      { name: 'ints', type: 'int32', dims: [3] },
      { name: 'flags', type: 'bool', dims: [1] },
      { name: 'halves', type: 'float16', dims: [2] },
    ]);
    expect(outputs.map(({ name }) => name)).toEqual(['floats_out', 'longs_out', 'ints_out', 'flags_out', 'halves_out']);
  });
});

describe('run', () => {
  const feeds = {
    floats: floats([1.5, -2, 3, 4], [2, 2]),
    longs: { type: 'int64', dims: [2], data: new BigInt64Array([-1n, 2n ** 60n]) },
    ints: { type: 'int32', dims: [3], data: new Int32Array([-5, 0, 5]) },
    flags: { type: 'bool', dims: [1], data: new Uint8Array([1]) },
    halves: { type: 'float16', dims: [2], data: new Uint16Array([0x3c00, 0xc000]) },
  } satisfies NamedTensors;

  test('every type goes in and comes out', async () => {
    const session = await load('identity.onnx');
    const results = await session.run(feeds);
    for (const [name, tensor] of Object.entries(feeds)) expect(results[`${name}_out`]).toEqual(tensor);
  });

  test('only the outputs wanted', async () => {
    const session = await load('identity.onnx');
    expect(Object.keys(await session.run(feeds, ['ints_out']))).toEqual(['ints_out']);
  });

  test('results are plain and own their data', async () => {
    const session = await load('identity.onnx');
    const data = new Float32Array([1, 2]);
    const result = await session.run({ ...feeds, floats: { type: 'float32', dims: [1, 2], data } });
    data[0] = 99;
    await session.run(feeds);
    const { floats_out: out } = result;
    expect(Object.keys(out as Tensor).sort()).toEqual(['data', 'dims', 'type']);
    expect([...(out as Tensor).data]).toEqual([1, 2]);
  });

  test('a cache that is empty at first and grows', async () => {
    const session = await load('append.onnx');
    let past: Tensor = cache(0);
    for (let position = 1; position <= 3; position += 1) {
      const { present } = await session.run({ past, new: cache(1) });
      expect(present?.dims).toEqual([1, 4, position, 64]);
      past = present as Tensor;
    }
    expect(past.data.subarray(0, 192)).toEqual(Float32Array.from({ length: 192 }, (_, index) => index % 64));
  });

  test('data that is a part of a larger buffer', async () => {
    const session = await load('append.onnx');
    const large = Float32Array.from({ length: 300 }, (_, index) => index);
    const { present } = await session.run({
      past: cache(0),
      new: { type: 'float32', dims: [1, 4, 1, 64], data: large.subarray(7, 263) },
    });
    expect(present?.data).toEqual(large.slice(7, 263));
  });

  test('runs that overlap give what each gives alone', async () => {
    const session = await load('reshape.onnx');
    const inputs = Array.from({ length: 20 }, (_, run) => floats([run, 1, 2, 3, 4, 5]));
    const results = await Promise.all(inputs.map((x) => session.run({ x })));
    results.forEach(({ y }, run) => {
      expect(y).toEqual(floats([run, 1, 2, 3, 4, 5], [2, 3]));
    });
  });

  test('on one thread and on two', async () => {
    for (const threads of [1, 2]) {
      const session = await load('reshape.onnx', threads);
      expect((await reshape(session))?.dims).toEqual([2, 3]);
    }
  });

  test('a failure inside the graph, and the session works on', async () => {
    const session = await load('reshape.onnx');
    const error = await failure(session.run({ x: floats([1, 2, 3, 4, 5]) }));
    expect(error.name).toBe('RuntimeError');
    expect(error.message).toMatch(/^reshape\.onnx: the graph failed while it ran \(.*Reshape.*\)\.$/s);
    expect(error.cause).toBeInstanceOf(Error);
    expect((await reshape(session))?.dims).toEqual([2, 3]);
  });

  test.each<[string, NamedTensors, string[]?]>([
    ['an input that is missing', {}],
    ['an input of another type', { x: { type: 'int64', dims: [6], data: new BigInt64Array(6) } }],
    ['dimensions that do not fit the data', { x: floats([1, 2, 3], [6]) }],
    ['an output that is not there', { x: floats([1, 2, 3, 4, 5, 6]) }, ['z']],
  ])('%s', async (_name, inputs, outputs) => {
    const session = await load('reshape.onnx');
    expect(await failure(session.run(inputs, outputs))).toMatchObject({ name: 'RuntimeError', code: 'RUNTIME' });
  });

  test('an output of a type that is not taken', async () => {
    const session = await load('double.onnx');
    expect(session.outputs[0]?.type).toBe('float64');
    const error = await failure(session.run({ x: floats([1, 2]) }));
    expect(error.name).toBe('RuntimeError');
    expect(error.message).toMatch(
      /output "y" is of type float64; captioneer takes float32, float16, int64, int32, bool/,
    );
  });
});

describe('loading', () => {
  test.each([
    ['garbage', new Uint8Array(1000).fill(7)],
    ['zeros', new Uint8Array(1000)],
    ['nothing', new Uint8Array(0)],
    ['half a graph', identityGraph.subarray(0, 150)],
  ])('%s names the file, and a good graph loads after it', async (_name, bytes) => {
    const error = await failure(platform.createSession(bytes, 'encoder.onnx'));
    expect(error).toMatchObject({ name: 'ModelFileError', file: 'encoder.onnx' });
    expect(error.message).toMatch(/^encoder\.onnx/);
    const session = await load('reshape.onnx');
    expect((await reshape(session))?.dims).toEqual([2, 3]);
  });

  test('the bytes may be overwritten afterwards', async () => {
    const bytes = new Uint8Array(await readFile(graph('reshape.onnx')));
    const session = await platform.createSession(bytes, 'reshape.onnx');
    onTestFinished(() => session.release());
    bytes.fill(0);
    expect((await reshape(session))?.dims).toEqual([2, 3]);
  });

  test.each([0, -1, 1.5, NaN, '2' as never])('numThreads %s', (numThreads) => {
    expect(caught(() => nodePlatform({ numThreads }))).toMatchObject({
      name: 'InvalidArgumentError',
      argument: 'numThreads',
    });
  });

  test("the application's log level stays as it is", async () => {
    const { env } = await import('onnxruntime-node');
    const before = env.logLevel;
    await load('reshape.onnx');
    expect(env.logLevel).toBe(before);
  });
});

describe('release', () => {
  test('more than once', async () => {
    const session = await load('reshape.onnx');
    await Promise.all([session.release(), session.release()]);
    await session.release();
  });

  test('waits for runs under way', async () => {
    const session = await load('reshape.onnx');
    const ends: string[] = [];
    const running = [1, 2, 3].map(async (run) => {
      await reshape(session);
      ends.push(`run ${run}`);
    });
    const failing = failure(session.run({ x: floats([1]) }));
    const released = session.release().then(() => ends.push('released'));
    await Promise.all([...running, failing, released]);
    expect(ends).toEqual(['run 1', 'run 2', 'run 3', 'released']);
  });

  test('a run after it', async () => {
    const session = await load('reshape.onnx');
    const released = session.release();
    expect(await failure(reshape(session))).toMatchObject({ name: 'DisposedError' });
    await released;
    expect(await failure(reshape(session))).toMatchObject({ name: 'DisposedError' });
  });

  test('results outlive it', async () => {
    const session = await load('reshape.onnx');
    const y = await reshape(session);
    await session.release();
    expect([...(y as Tensor).data]).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe('a graph whose weights lie beside it', () => {
  const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(graph(name)));
  const weights = bytesOf('external.onnx_data');
  const listed: SessionOptions = { weightFiles: ['external.onnx_data'] };
  const withWeights = (data: Uint8Array): SessionOptions => ({ externalData: { 'external.onnx_data': data } });

  async function product(source: GraphSource, options?: SessionOptions): Promise<unknown> {
    const session = await platform.createSession(source, 'external.onnx', options);
    onTestFinished(() => session.release());
    const { y } = await session.run({ x: floats([1, 1, 1]) });
    return Array.from(y?.data as Float32Array);
  }

  test('loads from its path, or as bytes with theirs', async () => {
    expect(await product(graph('external.onnx'), listed)).toEqual([1, 2, 3]);
    expect(await product(bytesOf('external.onnx'), withWeights(weights))).toEqual([1, 2, 3]);
  });

  test('links are followed, as in a cache that keeps contents apart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'captioneer-links-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await mkdir(join(folder, 'blobs'));
    for (const name of ['external.onnx', 'external.onnx_data']) {
      await copyFile(graph(name), join(folder, 'blobs', `${name}-content`));
      await symlink(join('blobs', `${name}-content`), join(folder, name));
    }
    expect(await product(join(folder, 'external.onnx'), listed)).toEqual([1, 2, 3]);
  });

  test('says what it expected and found where they are cut short, or missing', async () => {
    const bytes = bytesOf('external.onnx');
    const short = await failure(product(bytes, withWeights(weights.subarray(0, 8))));
    expect(short).toMatchObject({ name: 'ModelFileError', file: 'external.onnx' });
    expect(short.message).toMatch(/weights.*size to read: 12.*file_length: 8 are out of bounds/);
    expect((await failure(product(bytes))).message).toContain('external.onnx_data');
  });

  test('is refused if nobody lists the file that it names, wherever that is', async () => {
    for (const [source, options] of [
      [graph('external.onnx'), undefined],
      [graph('external.onnx'), { weightFiles: ['other.onnx_data'] }],
      [bytesOf('external.onnx'), undefined],
    ] as const) {
      const error = await failure(product(source, options));
      expect(error).toMatchObject({ name: 'ModelFileError', file: 'external.onnx' });
      expect(error.message).toMatch(
        /takes weights from the file "external.onnx_data", which is not there, or which the model/,
      );
    }
  });

  test('a path needs no bytes beside it', async () => {
    const error = await failure(product(graph('external.onnx'), withWeights(weights)));
    expect(error).toMatchObject({ name: 'InvalidArgumentError', argument: 'externalData' });
  });
});
