import {
  elementCount,
  int64Tensor,
  RuntimeError,
  type CaptionDecoder,
  type DecoderStep,
  type EncodedImage,
  type NamedTensors,
  type Session,
  type Tensor,
  type TensorInfo,
  type TensorType,
  zeros,
} from '../../core/index.js';
import { concatRows, gatherRows } from '../../numerics/gather-rows.js';
import { rowMover } from '../../numerics/move-rows.js';
import { DECODER_NAMES } from './names.js';

/**
 * State tensors by name, `[rows, …]` each, and what the next step is told of the pictures, `[pictures, …]` each, which the rows
 * share: they stand picture after picture, equally many of each.
 */
interface GraphState {
  readonly rows: number;
  readonly pictures: number;
  readonly past: NamedTensors;
  readonly image: EncodedImage;
}

/**
 * A caption decoder that is one graph in the model folder's own layout: one token a row, the state as `past.*`, and what
 * the encoder gave of the picture in; `logits`, the state as `present.*` and perhaps `attention`, `log_sum_exp` and `entropy` out.
 *
 * The state serves a Transformer's key-value caches and an LSTM's `(h, c)` alike. A prefix is fed once, then an empty one,
 * so that a graph which puts it in front of the step's tokens needs no branch.
 *
 * Rows of several pictures are read together if the graph leaves the number of pictures open.
 */
export class GraphDecoder implements CaptionDecoder<GraphState> {
  readonly vocabularySize: number;
  readonly maxPositions: number;
  readonly hasPrefix: boolean;
  readonly #session: Session;
  readonly #states: readonly TensorInfo[];
  readonly #hasAttention: boolean;
  readonly #hasSummary: boolean;

  constructor(session: Session, sizes: { readonly vocabularySize: number; readonly maxPositions: number }) {
    this.#session = session;
    this.vocabularySize = sizes.vocabularySize;
    this.maxPositions = sizes.maxPositions;
    this.hasPrefix = session.inputs.some((input) => input.name === DECODER_NAMES.prefix);
    this.#states = session.inputs.filter((input) => input.name.startsWith(DECODER_NAMES.past));
    const outputs = new Set(session.outputs.map(({ name }) => name));
    this.#hasAttention = outputs.has(DECODER_NAMES.attention);
    this.#hasSummary = outputs.has(DECODER_NAMES.logSumExp) && outputs.has(DECODER_NAMES.entropy);
  }

  start(image: EncodedImage): GraphState {
    const past: Record<string, Tensor> = {};
    for (const info of this.#states) {
      const initial = image[DECODER_NAMES.initial + info.name.slice(DECODER_NAMES.past.length)];
      past[info.name] = initial ?? emptyState(info);
    }
    const names = new Set(this.#session.inputs.map((input) => input.name));
    const shared = Object.entries(image).filter(([name]) => names.has(name));
    return { rows: 1, pictures: 1, past, image: Object.fromEntries(shared) };
  }

  async step(state: GraphState, tokenIds: readonly number[]): Promise<DecoderStep<GraphState>> {
    const idsPerRow = tokenIds.length / state.rows; // 1, or 0 if the prefix is read alone
    const inputIds = int64Tensor(BigInt64Array.from(tokenIds, BigInt), [state.rows, idsPerRow]);
    const outputs = await this.#session.run({ [DECODER_NAMES.inputIds]: inputIds, ...state.image, ...state.past });
    const past: Record<string, Tensor> = {};
    for (const { name } of this.#states) {
      past[name] = output(outputs, DECODER_NAMES.present + name.slice(DECODER_NAMES.past.length));
    }
    const floats = (name: string): Float32Array => output(outputs, name).data as Float32Array;
    const { logits, attention, logSumExp, entropy } = DECODER_NAMES;
    return {
      logits: floats(logits), // [rows, vocabulary]
      state: { rows: state.rows, pictures: state.pictures, past, image: afterPrefix(state.image) },
      ...(this.#hasAttention && { attention: floats(attention) }), // [rows, regions]
      ...(this.#hasSummary && { summary: { logSumExps: floats(logSumExp), entropies: floats(entropy) } }), // [rows] each
    };
  }

  reorder(state: GraphState, parents: readonly number[]): GraphState {
    const past = mapTensors(state.past, rowMover(parents));
    const rowsEach = state.rows / state.pictures;
    const left = [...new Set(parents.map((parent) => Math.floor(parent / rowsEach)))];
    const image = left.length === state.pictures ? state.image : gatherPictures(state.image, left);
    return { rows: parents.length, pictures: left.length, past, image };
  }

  join(states: readonly GraphState[]): GraphState | undefined {
    const [first] = states as [GraphState];
    const isOpen = ({ name, dims: [pictures] }: TensorInfo): boolean =>
      typeof pictures !== 'number' || !hasContent(first.image[name]);
    if (!this.#session.inputs.every(isOpen) || !haveOneSize(states.map(({ past }) => past))) return undefined;
    const sum = (count: 'rows' | 'pictures'): number => states.reduce((total, state) => total + state[count], 0);
    const all = (part: 'past' | 'image', name: string): Tensor[] => states.map((state) => state[part][name] as Tensor);
    return {
      rows: sum('rows'),
      pictures: sum('pictures'),
      past: mapTensors(first.past, (_, name) => concatRows(all('past', name))),
      image: mapTensors(first.image, (tensor, name) => (hasContent(tensor) ? concatRows(all('image', name)) : tensor)),
    };
  }
}

function mapTensors(tensors: NamedTensors, change: (tensor: Tensor, name: string) => Tensor): NamedTensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, change(tensor, name)]));
}

/** What is told of some of the pictures. */
function gatherPictures(image: EncodedImage, pictures: readonly number[]): EncodedImage {
  return mapTensors(image, (tensor) => (hasContent(tensor) ? gatherRows(tensor, pictures) : tensor));
}

/** False for a prefix that has been read, which stays one picture's. */
function hasContent(tensor: Tensor | undefined): boolean {
  return tensor !== undefined && elementCount(tensor.dims) > 0;
}

/** Whether tensors of one name differ in their rows at most: caches do if not all have read equally many words. */
function haveOneSize(states: readonly NamedTensors[]): boolean {
  const size = ({ dims }: Tensor): string => String(dims.slice(1));
  const [first, ...others] = states as [NamedTensors];
  return others.every((other) =>
    Object.entries(first).every(([name, tensor]) => size(tensor) === size(other[name] as Tensor)),
  );
}

/** What of the picture is left to tell once the prefix, if there is one, has been read. */
function afterPrefix(image: EncodedImage): EncodedImage {
  const prefix = image[DECODER_NAMES.prefix];
  if (prefix === undefined) return image;
  const [, , width = 0] = prefix.dims;
  return { ...image, [DECODER_NAMES.prefix]: zeros(prefix.type, [1, 0, width]) };
}

/** A state of one row before the first token: dimensions that may vary (the number of words) are 0. */
function emptyState(info: TensorInfo): Tensor {
  const dims = info.dims.map((dim, axis) => (axis === 0 ? 1 : typeof dim === 'number' ? dim : 0)); // [1, …]
  return zeros(info.type as TensorType, dims);
}

function output(outputs: Readonly<Record<string, Tensor>>, name: string): Tensor {
  const tensor = outputs[name];
  if (tensor === undefined) throw new RuntimeError(`The decoder's graph gave no output "${name}".`);
  return tensor;
}
