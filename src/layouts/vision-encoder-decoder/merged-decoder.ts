import {
  elementCount,
  int64Tensor,
  ModelMismatchError,
  RuntimeError,
  zeros,
  type CaptionDecoder,
  type DecoderStep,
  type EncodedImage,
  type NamedTensors,
  type Session,
  type Tensor,
  type TensorInfo,
  type TensorType,
} from '../../core/index.js';
import { castFloats } from '../../numerics/float16.js';
import { gatherRows } from '../../numerics/gather-rows.js';
import { rowMover } from '../../numerics/move-rows.js';
import { isOfThePicture, MERGED_NAMES, presentName } from './names.js';

/** The caches by the names of the graph's inputs, `[rows, heads, length, width]` each, and the picture, which rows share. */
interface MergedState {
  readonly rows: number;
  /** Tokens taken in. */
  readonly length: number;
  readonly caches: NamedTensors;
  /** `[1, patches, width]` */
  readonly hidden: Tensor;
}

/** What a merged decoder must be told of its sizes. */
export interface MergedSizes {
  readonly vocabularySize: number;
  readonly maxPositions: number;
  /** Heads of self-attention, for caches whose metadata leave that open. */
  readonly numHeads: number;
  /** Numbers in a key or value of one head. */
  readonly headWidth: number;
}

/**
 * A caption decoder in the public two-file layout: one graph that computes with caches and without, and computes keys and
 * values of the whole picture at each step. The graph is fed what its metadata list.
 *
 * Rows share one picture if the graph's arithmetic lets one row of it stand for all, as exports of GPT-2 do; then its keys
 * and values are computed once a step and not once a row. A graph that does not is given one for each row.
 */
export class MergedDecoder implements CaptionDecoder<MergedState> {
  readonly vocabularySize: number;
  readonly maxPositions: number;
  readonly #session: Session;
  readonly #sizes: MergedSizes;
  readonly #inputs: ReadonlyMap<string, TensorInfo>;
  readonly #caches: readonly TensorInfo[];
  #rowsSharePicture = true;

  constructor(session: Session, sizes: MergedSizes) {
    this.#session = session;
    this.#sizes = sizes;
    this.vocabularySize = sizes.vocabularySize;
    this.maxPositions = sizes.maxPositions;
    this.#inputs = new Map(session.inputs.map((input) => [input.name, input]));
    this.#caches = session.inputs.filter(({ name }) => name.startsWith(MERGED_NAMES.past));
  }

  start(image: EncodedImage): MergedState {
    const hidden = Object.values(image)[0] as Tensor;
    const info = this.#inputs.get(MERGED_NAMES.hiddenStates) as TensorInfo;
    checkWidth(hidden, info);
    const caches = this.#caches.map((cache) => [cache.name, this.#emptyCache(cache)] as const);
    return { rows: 1, length: 0, caches: Object.fromEntries(caches), hidden: castFloats(hidden, info.type) };
  }

  async step(state: MergedState, tokenIds: readonly number[]): Promise<DecoderStep<MergedState>> {
    const outputs = await this.#run(state, tokenIds);
    const caches: Record<string, Tensor> = {};
    for (const { name } of this.#caches) {
      caches[name] = outputs[presentName(name)] ?? (state.caches[name] as Tensor);
    }
    const logits = castFloats(outputs[MERGED_NAMES.logits] as Tensor, 'float32'); // [rows, 1, vocabulary]
    return { logits: logits.data as Float32Array, state: { ...state, length: state.length + 1, caches } };
  }

  reorder(state: MergedState, parents: readonly number[]): MergedState {
    const move = rowMover(parents);
    const caches = Object.entries(state.caches).map(([name, cache]) => [name, move(cache)] as const);
    return { ...state, rows: parents.length, caches: Object.fromEntries(caches) };
  }

  /** One run of the graph; if it turns out to need a picture for each row, another, and it is remembered. */
  async #run(state: MergedState, tokenIds: readonly number[]): Promise<Record<string, Tensor>> {
    if (state.rows === 1) return this.#runWith(state, tokenIds, state.hidden);
    if (this.#rowsSharePicture) {
      try {
        return await this.#runWith(state, tokenIds, state.hidden);
      } catch (error) {
        if (!(error instanceof RuntimeError || error instanceof ModelMismatchError)) throw error;
      }
    }
    const each = gatherRows(state.hidden, Array<number>(state.rows).fill(0)); // [rows, patches, width]
    const outputs = await this.#runWith(state, tokenIds, each);
    this.#rowsSharePicture = false;
    return outputs;
  }

  async #runWith(state: MergedState, tokenIds: readonly number[], hidden: Tensor): Promise<Record<string, Tensor>> {
    const kept = state.length === 0 ? this.#caches : this.#caches.filter(({ name }) => !isOfThePicture(name));
    const wanted = [MERGED_NAMES.logits, ...kept.map(({ name }) => presentName(name))];
    const outputs = await this.#session.run({ ...this.#feeds(state, tokenIds, hidden), ...state.caches }, wanted);
    const { dims } = outputs[MERGED_NAMES.logits] as Tensor;
    const expected = [state.rows, 1, this.vocabularySize];
    if (String(dims) !== String(expected)) {
      throw new ModelMismatchError(MERGED_NAMES.logits, `[${expected.join(', ')}]`, `[${dims.join(', ')}]`);
    }
    return outputs;
  }

  /** Everything but the caches that the graph lists. */
  #feeds({ rows, length }: MergedState, tokenIds: readonly number[], hidden: Tensor): Record<string, Tensor> {
    const known: Record<string, () => Tensor> = {
      [MERGED_NAMES.inputIds]: () => int64Tensor(BigInt64Array.from(tokenIds, BigInt), [rows, 1]),
      [MERGED_NAMES.hiddenStates]: () => hidden,
      [MERGED_NAMES.useCache]: () => ({ type: 'bool', dims: [1], data: Uint8Array.of(length > 0 ? 1 : 0) }),
      [MERGED_NAMES.attentionMask]: () => filled(1n, [rows, length + 1]),
      [MERGED_NAMES.encoderAttentionMask]: () => filled(1n, hidden.dims.slice(0, 2)),
      [MERGED_NAMES.positionIds]: () => filled(BigInt(length), [rows, 1]),
    };
    const listed = Object.entries(known).filter(([name]) => this.#inputs.has(name));
    return Object.fromEntries(listed.map(([name, make]) => [name, make()]));
  }

  /** A cache of one row before the first token. */
  #emptyCache({ type, dims }: TensorInfo): Tensor {
    const { numHeads, headWidth } = this.#sizes;
    const sizes = [1, numHeads, 0, headWidth].map((size, axis) => {
      const stated = dims[axis];
      return axis % 2 === 1 && typeof stated === 'number' ? stated : size;
    });
    return zeros(type as TensorType, sizes); // [1, heads, 0, width]
  }
}

function checkWidth({ dims }: Tensor, { dims: expected }: TensorInfo): void {
  const width = expected[2];
  if (typeof width !== 'number' || dims[2] === width) return;
  throw new ModelMismatchError(MERGED_NAMES.hiddenStates, `[1, patches, ${width}]`, `[${dims.join(', ')}]`);
}

function filled(value: bigint, dims: readonly number[]): Tensor<'int64'> {
  return int64Tensor(new BigInt64Array(elementCount(dims)).fill(value), dims);
}
