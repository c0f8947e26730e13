import { afterAll, describe, expect, test } from 'vitest';
import { nodePlatform } from '../../src/adapters/node/index.js';
import { float32Tensor, int64Tensor, type NamedTensors, type Session } from '../../src/core/index.js';
import { bytesAsSource, type SplitGraph } from '../../src/onnx/index.js';
import { splitGraph } from '../../src/onnx/split-graph.js';
import { readModel } from '../../src/onnx/read-graph.js';
import { WireReader } from '../../src/onnx/wire-reader.js';
import { DECODER_INPUTS, MERGED_NAMES } from '../../src/layouts/public/merged-names.js';
import { checkpointFiles, florenceFiles } from '../hub/checkpoints.js';
import type { Field } from './message.js';
import { constant, int64, integer, integers, model, node, TYPES, value } from './onnx-model.js';

const FILE = 'decoder.onnx';
const [HEADS, WIDTH] = [2, 4];
const WEIGHTS = constant(
  'weights',
  [WIDTH, WIDTH],
  Float32Array.from({ length: WIDTH ** 2 }, (_, i) => Math.sin(i)),
);
const platform = nodePlatform();
const open: Session[] = [];
afterAll(async () => {
  await Promise.all(open.map((session) => session.release()));
});

async function load(bytes: Uint8Array): Promise<Session> {
  const session = await platform.createSession(bytes, FILE);
  open.push(session);
  return session;
}

const operatorsOf = (bytes: Uint8Array): string[] =>
  readModel(new WireReader(bytesAsSource(bytes))).graph.nodes.map(({ operator }) => operator);

const count = (operators: readonly string[], operator: string): number =>
  operators.filter((found) => found === operator).length;

/** Numbers of a tensor, none of them like another. */
const numbers = (length: number, scale: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(i * scale + scale));

/** A graph of a step: nodes that make `result` of `token`, `[rows, 1, width]`, and `past`, `[rows, heads, past, width]`; keys of an image are added. */
function stepGraph(...nodes: Field[]): Uint8Array {
  return model(
    WEIGHTS,
    node('MatMul', ['image', 'weights'], ['keys']),
    ...nodes,
    node('ReduceSum', ['keys'], ['shift'], integer('keepdims', 0)),
    node('Add', ['result', 'shift'], ['output']),
    value(11, 'token', TYPES.float32, 'rows', 'tokens', WIDTH),
    value(11, 'ids', TYPES.int64, 'rows', 'tokens'),
    value(11, 'past', TYPES.float32, 'rows', HEADS, 'length', WIDTH),
    value(11, 'image', TYPES.float32, 'rows', 'patches', WIDTH),
    value(12, 'output', TYPES.float32),
  );
}

function split(graph: Uint8Array): SplitGraph {
  const options = { file: FILE, fixed: ['image'], ofOneToken: ['token', 'ids'], flag: 'flag' };
  return splitGraph(bytesAsSource(graph), options)!;
}

/** The operators that are left of a step; both graphs give the same for different numbers of rows and tokens. */
async function simplified(...nodes: Field[]): Promise<string[]> {
  const bytes = stepGraph(...nodes);
  const whole = await load(bytes);
  const parts = split(bytes);
  const first = await load(parts.fixedPart);
  const stepPart = parts.stepPart(new Map(first.outputs.map((output) => [output.name, output])))!;
  const step = await load(stepPart);
  const image = float32Tensor(numbers(3 * WIDTH, 3), [1, 3, WIDTH]);
  for (const [rows, length] of [
    [1, 0],
    [1, 3],
    [3, 0],
    [3, 5],
  ] as const) {
    const feeds: NamedTensors = {
      token: float32Tensor(numbers(rows * WIDTH, 1), [rows, 1, WIDTH]),
      ids: int64Tensor(
        BigInt64Array.from({ length: rows }, (_, i) => BigInt(i)),
        [rows, 1],
      ),
      past: float32Tensor(numbers(rows * HEADS * length * WIDTH, 2), [rows, HEADS, length, WIDTH]),
      image,
    };
    const given = { ...feeds, ...(await first.run({ image })) };
    const only = (session: Session) => Object.fromEntries(session.inputs.map(({ name }) => [name, given[name]!]));
    expect((await step.run(only(step))).output).toEqual((await whole.run(only(whole))).output);
  }
  return operatorsOf(stepPart).slice(0, -1); // without the sum at the end
}

/** The size of an axis as exporters write it. */
const sizeOf = (of: string, axis: string, name: string): Field[] => [
  node('Shape', [of], [`${name}-all`]),
  node('Gather', [`${name}-all`, axis], [name], integer('axis', 0)),
];
const AXES = [int64('zero', 0), int64('one', 1), int64('two', 2), int64('first', [0]), int64('last', [-1])];
/** The number of tokens with this step's, and the position of this one. */
const LENGTHS = [...AXES, ...sizeOf('past', 'two', 'position'), node('Add', ['position', 'one'], ['length'])];
/** Numbers of positions up to this step's. */
const POSITIONS = [...LENGTHS, node('Range', ['zero', 'length', 'one'], ['positions'])];
/** `[rows, heads, past + 1, width]` */
const CACHE = [
  int64('heads-first', [0, 2, 1, 3]),
  int64('of-token', [0, 1, 1, WIDTH]),
  int64('as-heads', [1, HEADS, 1, 1]),
  node('Reshape', ['token', 'of-token'], ['small']),
  node('Expand', ['small', 'as-heads'], ['wide']),
  node('Concat', ['past', 'wide'], ['cache'], integer('axis', 2)),
];
const LIMITS = [constant('shown', [], Float32Array.of(0)), constant('hidden', [], Float32Array.of(-100))];

describe('the arithmetic on shapes of a step', () => {
  test('is done ahead: the shape of a Reshape is a constant for all numbers of rows', async () => {
    const left = await simplified(
      ...AXES,
      ...sizeOf('token', 'zero', 'rows'),
      ...sizeOf('token', 'one', 'tokens'),
      node('Unsqueeze', ['rows', 'first'], ['rows-list']),
      node('Unsqueeze', ['tokens', 'first'], ['tokens-list']),
      int64('halves', [2]),
      node('Concat', ['rows-list', 'tokens-list', 'halves', 'last'], ['shape'], integer('axis', 0)),
      node('Reshape', ['token', 'shape'], ['split']),
      node('Transpose', ['split'], ['result'], integers('perm', 0, 2, 1, 3)),
    );
    expect(left).toEqual(['Reshape', 'Transpose']);
  });

  test('a Reshape of a Reshape reads what was there before, and one that changes nothing is left out', async () => {
    const left = await simplified(
      int64('flat', [-1, WIDTH]),
      int64('whole', [-1, 1, WIDTH]),
      int64('columns', [-1, WIDTH, 1]),
      node('Reshape', ['token', 'flat'], ['rows-only']),
      node('Reshape', ['rows-only', 'whole'], ['again']),
      node('Reshape', ['again', 'columns'], ['standing']),
      node('Reshape', ['standing', 'flat'], ['lying']),
      node('Tanh', ['lying'], ['result']),
    );
    expect(left).toEqual(['Reshape', 'Tanh']);
  });

  test('numbers that are computed of constants are constants', async () => {
    const left = await simplified(
      int64('largest', [Number.MAX_SAFE_INTEGER]),
      int64('last', [-1]),
      node('Shape', ['token'], ['sizes']),
      node('Slice', ['sizes', 'last', 'largest'], ['width']),
      node('Cast', ['width'], ['as-float'], integer('to', TYPES.float32)),
      node('Sqrt', ['as-float'], ['root']),
      node('Sqrt', ['root'], ['scale']),
      node('Div', ['token', 'scale'], ['result']),
    );
    expect(left).toEqual(['Div']);
  });

  test('stays if it depends on the number of tokens, and is done once', async () => {
    const left = await simplified(
      ...POSITIONS,
      ...sizeOf('past', 'two', 'position-again'),
      node('Add', ['position-again', 'one'], ['length-again']),
      node('Range', ['zero', 'length-again', 'one'], ['positions-again']),
      node('Add', ['positions', 'positions-again'], ['twice']),
      node('Cast', ['twice'], ['result'], integer('to', TYPES.float32)),
    );
    expect(count(left, 'Shape')).toBe(1);
    expect(count(left, 'Range')).toBe(2);
    expect(count(left, 'Add')).toBe(2);
  });
});

describe('a mask', () => {
  const causal = (comparison: string, bound: string): Field[] => [
    ...POSITIONS,
    ...CACHE,
    ...LIMITS,
    node(comparison, ['positions', bound], ['is-shown']),
    node('Where', ['is-shown', 'shown', 'hidden'], ['mask']),
    node('Transpose', ['cache'], ['columns'], integers('perm', 0, 1, 3, 2)),
    node('Add', ['columns', 'mask'], ['result']),
  ];

  test('is left out if it hides nothing from the last token', async () => {
    const left = await simplified(...causal('LessOrEqual', 'position'));
    expect(left).not.toContain('Where');
    expect(left).not.toContain('Range');
  });

  test.each(['Less', 'Greater', 'GreaterOrEqual', 'Equal'])('stays if it hides a token: %s', async (comparison) => {
    expect(await simplified(...causal(comparison, 'position'))).toContain('Where');
  });

  const size = 8;
  const triangle = Uint8Array.from({ length: size ** 2 }, (_, i) => Number(i % size <= Math.floor(i / size)));
  /** The row of a matrix for this step, as older exports have it. */
  const stored = (mask: Uint8Array): Field[] => [
    ...LENGTHS,
    ...CACHE,
    ...LIMITS,
    constant('matrix', [1, 1, size, size], mask),
    int64('rows-axis', [2]),
    int64('columns-axis', [3]),
    node('Unsqueeze', ['position', 'first'], ['from']),
    node('Unsqueeze', ['length', 'first'], ['to']),
    node('Slice', ['matrix', 'from', 'to', 'rows-axis'], ['row']),
    node('Slice', ['row', 'first', 'to', 'columns-axis'], ['is-shown']),
    node('Transpose', ['cache'], ['columns'], integers('perm', 0, 1, 3, 2)),
    node('Where', ['is-shown', 'columns', 'hidden'], ['result']),
  ];

  test('that is a row of a stored triangle is left out', async () => {
    const left = await simplified(...stored(triangle));
    expect(left).not.toContain('Where');
    expect(left).not.toContain('Slice');
  });

  test('that is a row of another matrix stays', async () => {
    expect(await simplified(...stored(triangle.with(5 * size + 1, 0)))).toContain('Where');
    expect(await simplified(...stored(triangle.with(1, 1)))).toContain('Where');
  });
});

describe('a step of the public graphs', () => {
  const graphs = [...Object.entries(checkpointFiles('vit')), ...Object.entries(florenceFiles())].filter(([name]) =>
    name.includes('decoder_model_merged'),
  );

  test.each(graphs)('%s: shapes are constants, and its first part has the keys of the image', async (name, bytes) => {
    const { ofTheImage, useCache, ...others } = DECODER_INPUTS;
    const options = { ...others, file: name, fixed: ofTheImage, flag: useCache };
    const parts = splitGraph(bytesAsSource(bytes), options)!;
    const loadPart = async (part: Uint8Array): Promise<Session> => {
      const session = await platform.createSession(part, name, { externalData: { [name]: bytes } });
      open.push(session);
      return session;
    };
    const between = (await loadPart(parts.fixedPart)).outputs;
    const stepPart = parts.stepPart(new Map(between.map((output) => [output.name, output])))!;
    await loadPart(stepPart);
    const step = readModel(new WireReader(bytesAsSource(stepPart))).graph;
    const operators = step.nodes.map(({ operator }) => operator);
    expect(step.outputs.has(MERGED_NAMES.entropy)).toBe(!/fp16|f16/.test(name));
    expect(count(operators, 'Shape')).toBeLessThanOrEqual(1);
    expect(count(operators, 'Unsqueeze')).toBeLessThanOrEqual(1);
    expect(operators).not.toContain('ConstantOfShape');
    const computed = between.map((output) => output.name);
    const keysOfTheImage = [...step.inputs.keys()].filter((input) => input.includes('.encoder.'));
    expect(computed).toEqual(expect.arrayContaining(keysOfTheImage));
    expect([...step.outputs.keys()].filter((output) => output.includes('.encoder.'))).toEqual([]);
  });
});
