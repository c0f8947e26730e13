import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { nodePlatform } from '../../src/adapters/node/index.js';
import { float32Tensor, type NamedTensors, type Session, type Tensor } from '../../src/core/index.js';
import { bytesAsSource, externalFiles, type SplitGraph } from '../../src/onnx/index.js';
import { splitGraph } from '../../src/onnx/split-graph.js';
import { checkpointFiles } from '../hub/checkpoints.js';
import { message, type Field } from './message.js';
import { constant, model, node, value } from './onnx-model.js';

const FILE = 'decoder.onnx';
const WIDTH = 160;
/** [WIDTH, WIDTH] float32, more than is copied into a part. */
const WEIGHTS = Float32Array.from({ length: WIDTH * WIDTH }, (_, i) => Math.sin(i));

const weights = (name: string): Field => constant(name, [WIDTH, WIDTH], WEIGHTS);
const branch = (name: string, ...fields: Field[]): Uint8Array =>
  message([1, name], [6, message(...fields, [2, name])], [20, 5]);

const OUTPUT = value(12, 'sum', 1, 1, 4, WIDTH);
const INPUTS = [value(11, 'step', 1, 1, 1, WIDTH), value(11, 'image', 1, 1, 4, WIDTH), value(11, 'flag', 9, 1)];
const THEN = [
  weights('inner'),
  node('MatMul', ['image', 'outer'], ['keys']),
  node('Add', ['keys', 'keys'], ['twice']),
  node('MatMul', ['step', 'inner'], ['query']),
  node('Add', ['twice', 'query'], ['sum']),
];
const ELSE = [node('Add', ['image', 'step'], ['sum'])];

/** A graph of the form of merged decoders. */
const merged = (then = THEN, ...more: Field[]): Uint8Array =>
  model(
    node('If', ['flag'], ['sum'], branch('else_branch', ...ELSE, OUTPUT), branch('then_branch', ...then, OUTPUT)),
    ...more,
    weights('outer'),
    ...INPUTS,
    OUTPUT,
  );

const split = (graph: Uint8Array, fixed = ['image']): SplitGraph | undefined =>
  splitGraph(bytesAsSource(graph), { file: FILE, fixed, ofOneToken: [], flag: 'flag' });

const step = float32Tensor(
  Float32Array.from({ length: WIDTH }, (_, i) => Math.cos(i)),
  [1, 1, WIDTH],
);
const image = float32Tensor(
  Float32Array.from({ length: 4 * WIDTH }, (_, i) => Math.sin(i / 3)),
  [1, 4, WIDTH],
);
const flag: Tensor = { type: 'bool', dims: [1], data: Uint8Array.of(1) };

const folder = await mkdtemp(join(tmpdir(), 'captioneer-split-'));
const open: Session[] = [];
afterAll(async () => {
  await Promise.all(open.map((session) => session.release()));
  await rm(folder, { recursive: true });
});

/** Runs both parts, one after the other. */
async function runParts(load: (part: Uint8Array) => Promise<Session>, parts: SplitGraph, feeds: NamedTensors) {
  const first = await load(parts.fixedPart);
  const second = await load(parts.stepPart(new Map(first.outputs.map((output) => [output.name, output])))!);
  open.push(first, second);
  const all: NamedTensors = { ...feeds, ...(await first.run({ image })) };
  const wanted = Object.fromEntries(second.inputs.map(({ name }) => [name, all[name]!]));
  return { first, second, result: await second.run(wanted) };
}

describe('a graph in two parts', () => {
  test('computes what the whole graph computes, with weights where they were', async () => {
    const platform = nodePlatform();
    const bytes = merged();
    const blob = join(folder, 'a-blob');
    const path = join(folder, FILE);
    await writeFile(blob, bytes);
    await symlink('a-blob', path); // as in the cache of the hub
    const whole = await platform.createSession(path, FILE);
    open.push(whole);
    const expected = await whole.run({ step, image, flag });

    const parts = platform.withFile!(path, (source) =>
      splitGraph(source, { file: FILE, fixed: ['image'], ofOneToken: [], flag: 'flag' }),
    )!;
    expect(externalFiles(bytesAsSource(parts.fixedPart))).toEqual([FILE]);
    expect(parts.fixedPart.byteLength).toBeLessThan(1000);
    const beside = { weightsBeside: path, weightFiles: [FILE] };
    const found = await runParts((part) => platform.createSession(part, FILE, beside), parts, { step });
    expect(found.first.inputs.map(({ name }) => name)).toEqual(['image']);
    expect(found.second.inputs.map(({ name }) => name)).toEqual(['step', 'twice']);
    expect(found.result.sum).toEqual(expected.sum);

    const load = (part: Uint8Array) => platform.createSession(part, FILE, { externalData: { [FILE]: bytes } });
    expect((await runParts(load, split(bytes)!, { step })).result.sum).toEqual(expected.sum);

    const wasm = nodePlatform({ device: 'wasm' });
    const slow = await runParts((part) => wasm.createSession(part, FILE, beside), parts, { step });
    const difference = Float32Array.from(slow.result.sum!.data as Float32Array, (x, i) =>
      Math.abs(x - Number(expected.sum!.data[i])),
    );
    expect(Math.max(...difference)).toBeLessThan(1e-4);
  });

  test('refuses weights of a file that is not listed', async () => {
    const { fixedPart } = split(merged())!;
    const unlisted = nodePlatform().createSession(fixedPart, FILE, { weightsBeside: join(folder, FILE) });
    await expect(unlisted).rejects.toMatchObject({
      code: 'MODEL_FILE',
      message: expect.stringContaining(FILE) as string,
    });
    const path = nodePlatform().createSession(join(folder, FILE), FILE, { weightsBeside: folder });
    await expect(path).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  test('has in its first part what depends on the image alone, in each of the public graphs', () => {
    const graphs = Object.entries(checkpointFiles('vit')).filter(([name]) => name.includes('decoder_model_merged'));
    expect(graphs.length).toBeGreaterThan(6);
    for (const [name, bytes] of graphs) {
      const options = {
        file: name,
        fixed: ['encoder_hidden_states'],
        ofOneToken: ['input_ids'],
        flag: 'use_cache_branch',
      };
      const parts = splitGraph(bytesAsSource(bytes), options);
      expect(parts, name).toBeDefined();
      expect(parts!.fixedPart.byteLength, name).toBeLessThan(bytes.byteLength / 3);
    }
  });
});

describe('a graph is left whole', () => {
  const add = node('Add', ['image', 'step'], ['sum']);
  test.each([
    ['nothing heavy depends on the image alone', merged([node('Add', ['image', 'image'], ['twice']), add])],
    ['all of it does', merged([node('MatMul', ['image', 'outer'], ['sum'])])],
    ['it draws at random', merged([...THEN, node('RandomNormalLike', ['step'], ['noise'])])],
    ['its branch is chosen twice', merged(THEN, node('If', ['flag'], ['more']))],
    ['the flag is used otherwise', model(node('Not', ['flag'], ['other']), ...THEN, ...INPUTS, OUTPUT)],
    [
      'its branch names its results otherwise',
      model(node('If', ['flag'], ['y'], branch('then_branch', ...THEN, OUTPUT)), ...INPUTS, value(12, 'y', 1)),
    ],
    ['it has sparse constants', merged(THEN, [15, message()])],
    ['its graph stands in two parts', message([7, message(...THEN)], [7, message(OUTPUT)])],
    ['it has no graph', message([1, 8])],
    ['it is cut short', merged().subarray(0, 300)],
    ['it is no such file', new TextEncoder().encode('version https://git-lfs.github.com/spec/v1\n')],
  ])('if %s', (_, graph) => {
    expect(split(graph)).toBeUndefined();
  });

  test('and taken apart if it has no branches', () => {
    const graph = model(weights('outer'), ...THEN, ...INPUTS.slice(0, 2), OUTPUT);
    expect(split(graph)).toBeDefined();
    expect(split(graph)!.stepPart(new Map([['twice', { type: 'sequence', dims: [] }]]))).toBeUndefined();
    expect(split(graph, ['another'])).toBeUndefined();
  });
});
