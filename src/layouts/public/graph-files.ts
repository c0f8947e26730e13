import {
  DTYPES,
  InvalidArgumentError,
  ModelFileError,
  type Dtype,
  type DtypeOption,
  type ModelFiles,
} from '../../core/index.js';
import { didYouMean, type FieldReader } from '../../validate/index.js';

/** What follows the name of a graph in the public layouts. */
const SUFFIXES: Readonly<Record<Dtype, string>> = {
  fp32: '',
  fp16: '_fp16',
  q8: '_quantized',
  int8: '_int8',
  uint8: '_uint8',
  q4: '_q4',
  q4f16: '_q4f16',
  bnb4: '_bnb4',
};

/** Graphs that older exports have as two files in the place of one: that of the first step, and that of later ones. */
const PAIRS: Readonly<Record<string, GraphFiles>> = {
  decoder_model_merged: ['decoder_model', 'decoder_with_past_model'],
};

/** The file of a graph; or two, of a decoder that is published in two: that of the first step, and that of later ones. */
export type GraphFiles = readonly [string] | readonly [string, string];

/** What `auto` takes if the publisher recommends nothing: the first of these that a graph has. */
const AUTO: readonly Dtype[] = ['q8', 'int8', 'uint8', 'fp32', 'fp16', 'q4', 'bnb4', 'q4f16'];

/**
 * Chooses the kind of each graph and finds the files. A decoder in two files, of one kind, takes the place of one that is not there.
 *
 * @param names of the graphs of the layout, such as `encoder_model`
 * @param asked one kind for all, one for each by name (others are 32-bit floats), or `auto`
 * @param config the checkpoint's `config.json`, in which `transformers.js_config` may recommend kinds
 * @throws ModelFileError if a graph is not there, which names the kinds that are; InvalidArgumentError for a name of no graph
 */
export async function findGraphs<Name extends string>(
  files: ModelFiles,
  names: readonly Name[],
  asked: DtypeOption,
  config: FieldReader,
  signal?: AbortSignal,
): Promise<Readonly<Record<Name, GraphFiles>>> {
  checkNames(names, asked);
  const found: [Name, GraphFiles][] = [];
  for (const name of names) {
    const dtype = await dtypeOf(files, name, asked, config, signal);
    const graph = await findGraph(files, name, dtype, signal);
    if (!graph) throw await missing(files, names, name, dtype, signal);
    found.push([name, graph]);
  }
  return Object.fromEntries(found) as Record<Name, GraphFiles>;
}

/**
 * Whether all graphs of a layout are there in the kinds that {@link findGraphs} would choose.
 */
export async function hasGraphs(
  files: ModelFiles,
  names: readonly string[],
  asked: DtypeOption,
  config: FieldReader,
  signal?: AbortSignal,
): Promise<boolean> {
  for (const name of names) {
    const dtype = await dtypeOf(files, name, asked, config, signal);
    if (!(await findGraph(files, name, dtype, signal))) return false;
  }
  return true;
}

/** The files of a graph in one kind, if they are there. */
async function findGraph(
  files: ModelFiles,
  name: string,
  dtype: Dtype,
  signal: AbortSignal | undefined,
): Promise<GraphFiles | undefined> {
  const one = graphFile(name, dtype);
  if (await files.has(one, signal)) return [one];
  const pair = pairOf(name, dtype);
  for (const file of pair) if (!(await files.has(file, signal))) return undefined;
  const [first, later] = pair;
  return first === undefined || later === undefined ? undefined : [first, later];
}

/** The two files that may take a graph's place; none of most graphs. */
function pairOf(name: string, dtype: Dtype): readonly string[] {
  return (PAIRS[name] ?? []).map((part) => graphFile(part, dtype));
}

function checkNames(names: readonly string[], asked: DtypeOption): void {
  if (typeof asked === 'string') return;
  const unknown = Object.keys(asked).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const message = `This model has no graph "${unknown}" for dtype. It has ${names.join(', ')}.`;
  throw new InvalidArgumentError('dtype', `${message}${didYouMean(unknown, names)}`);
}

async function dtypeOf(
  files: ModelFiles,
  name: string,
  asked: DtypeOption,
  config: FieldReader,
  signal: AbortSignal | undefined,
): Promise<Dtype> {
  if (typeof asked !== 'string') return asked[name] ?? 'fp32';
  if (asked !== 'auto') return asked;
  const candidates = [recommended(config, name), ...AUTO].filter((dtype) => dtype !== undefined);
  for (const dtype of candidates) if (await findGraph(files, name, dtype, signal)) return dtype;
  return 'fp32';
}

/** What the publisher recommends for a graph: one kind for all, or one for each. */
function recommended(config: FieldReader, name: string): Dtype | undefined {
  const settings = config.field('transformers.js_config');
  const field = settings.isObject ? settings.field('dtype') : settings;
  const dtype = field.isObject ? field.field(name) : field;
  return DTYPES.find((known) => dtype.is(known));
}

function graphFile(name: string, dtype: Dtype): string {
  return `onnx/${name}${SUFFIXES[dtype]}.onnx`;
}

/** The error for a graph that is not there in one kind: says in which kinds all graphs are, or this one. */
async function missing(
  files: ModelFiles,
  names: readonly string[],
  name: string,
  dtype: Dtype,
  signal: AbortSignal | undefined,
): Promise<ModelFileError> {
  const kindsOf = async (graphs: readonly string[]): Promise<Dtype[]> => {
    const kinds: Dtype[] = [];
    for (const kind of DTYPES) {
      const found = await Promise.all(graphs.map((graph) => findGraph(files, graph, kind, signal)));
      if (found.every(Boolean)) kinds.push(kind);
    }
    return kinds;
  };
  const [all, own] = [await kindsOf(names), await kindsOf([name])];
  const file = graphFile(name, dtype);
  const set = names.map((graph) => `onnx/${graph}….onnx`).join(', ');
  const advice =
    all.length > 0
      ? `It has graphs for ${all.join(', ')}: choose one of them by dtype.`
      : own.length > 0
        ? `It has this graph for ${own.join(', ')}; give dtype by graph, as { ${name}: '${own[0]}' }.`
        : `It has no complete set of graphs ${set} in any kind; export it to ONNX.`;
  const pair = pairOf(name, dtype);
  const instead = pair.length === 0 ? '' : `, nor both ${pair.join(' and ')} in its place`;
  return new ModelFileError(
    file,
    `${files.location} has no ${file}, which dtype "${dtype}" asks for${instead}. ${advice}`,
  );
}
