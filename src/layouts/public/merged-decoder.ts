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
import { isOfTheImage, MERGED_NAMES, presentName } from './merged-names.js';
import type { LoadedGraph } from './public-layout.js';
import type { TokenEmbeddings } from './token-embeddings.js';

/** What the rows of a state share: nothing of it changes from token to token, and no beam has a copy. */
interface SharedImage {
  /** `[images, patches, width]` */
  readonly hidden: Tensor;
  /**
   * Keys and values of the image by the names of the graph's inputs, `[images, heads, patches, width]`; empty before the first
   * step. Of a graph that has been taken apart, all that its first part gives.
   */
  readonly caches: NamedTensors;
}

/** The caches of tokens by the names of the graph's inputs, `[rows, heads, length, width]` each, and the image. */
interface MergedState {
  readonly rows: number;
  /** Tokens taken in. */
  readonly length: number;
  readonly caches: NamedTensors;
  readonly image: SharedImage;
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

/** Logits of one step that differ by more, as a share of the largest, come from different arithmetic. */
const SAME = 1e-2;

const SUMMARY = [MERGED_NAMES.logSumExp, MERGED_NAMES.entropy];

/**
 * A caption decoder in a public layout: one graph that computes with caches and without. The graph is fed what its metadata list:
 * ids of tokens or, with `embeddings`, their vectors.
 *
 * Keys and values of the image are computed at the first step and kept if the graph gives them (`present.….encoder.…`), or if it has
 * been taken apart into what runs once for an image and what runs at each step; else the graph computes them again at each step.
 * Rows share one image if the graph's arithmetic lets one row of it stand for all. A graph that does not is given one for each row,
 * which is copied once and not at each step. Which it is, the first step of several rows finds out.
 */
export class MergedDecoder implements CaptionDecoder<MergedState> {
  readonly vocabularySize: number;
  readonly maxPositions: number;
  readonly #session: Session;
  readonly #imagePart: Session | undefined;
  readonly #sizes: MergedSizes;
  readonly #embeddings: TokenEmbeddings | undefined;
  readonly #inputs: ReadonlyMap<string, TensorInfo>;
  readonly #tokenCaches: readonly TensorInfo[];
  readonly #imageCaches: readonly TensorInfo[];
  /** Images by what the encoder gave of them. */
  readonly #started = new WeakMap<EncodedImage, SharedImage>();
  /** Images for several rows, by the image that was repeated. */
  readonly #repeated = new WeakMap<SharedImage, Promise<SharedImage>>();
  /** What the graph's first part gave of images. */
  readonly #prepared = new WeakMap<SharedImage, Promise<SharedImage>>();
  /** Whether the graph takes keys of the image as they were at the first step. */
  readonly #keepsKeys: boolean;
  /** Names of what the graph computes of the logits. */
  readonly #summary: readonly string[];
  #rowsShareImage: boolean | undefined;

  /** @param embeddings turns tokens into vectors, for a graph that takes these */
  constructor(graph: Pick<LoadedGraph, 'session' | 'imagePart'>, sizes: MergedSizes, embeddings?: TokenEmbeddings) {
    const { session, imagePart } = graph;
    this.#session = session;
    this.#imagePart = imagePart;
    this.#sizes = sizes;
    this.#embeddings = embeddings;
    this.vocabularySize = sizes.vocabularySize;
    this.maxPositions = sizes.maxPositions;
    this.#inputs = new Map([...session.inputs, ...(imagePart?.inputs ?? [])].map((input) => [input.name, input]));
    const caches = session.inputs.filter(({ name }) => name.startsWith(MERGED_NAMES.past));
    this.#tokenCaches = caches.filter(({ name }) => !isOfTheImage(name));
    const ofTheImage = caches.filter(({ name }) => isOfTheImage(name));
    this.#imageCaches = imagePart ? [] : ofTheImage;
    this.#keepsKeys = ofTheImage.length > 0;
    this.#summary = SUMMARY.filter((name) => session.outputs.some((output) => output.name === name));
  }

  start(image: EncodedImage): MergedState {
    const shared = this.#started.get(image) ?? this.#share(image);
    this.#started.set(image, shared);
    return { rows: 1, length: 0, caches: this.#emptyCaches(this.#tokenCaches), image: shared };
  }

  #share(image: EncodedImage): SharedImage {
    const hidden = Object.values(image)[0] as Tensor;
    const info = this.#inputs.get(MERGED_NAMES.hiddenStates) as TensorInfo;
    checkWidth(hidden, info);
    return { hidden: castFloats(hidden, info.type), caches: this.#emptyCaches(this.#imageCaches) };
  }

  async step(state: MergedState, tokenIds: readonly number[]): Promise<DecoderStep<MergedState>> {
    const outputs = await this.#run(state, tokenIds);
    const logits = castFloats(outputs[MERGED_NAMES.logits] as Tensor, 'float32'); // [rows, 1, vocabulary]
    const caches = presentOf(this.#tokenCaches, outputs);
    const image = state.length === 0 ? this.#imageAfter(state, outputs) : state.image;
    const [logSumExps, entropies] = SUMMARY.map((name) => outputs[name]?.data as Float32Array | undefined); // [rows] each
    return {
      logits: logits.data as Float32Array,
      state: { ...state, length: state.length + 1, caches, image },
      ...(logSumExps && entropies && { summary: { logSumExps, entropies } }),
    };
  }

  reorder(state: MergedState, parents: readonly number[]): MergedState {
    const move = rowMover(parents);
    const caches = Object.entries(state.caches).map(([name, cache]) => [name, move(cache)] as const);
    return { ...state, rows: parents.length, caches: Object.fromEntries(caches) };
  }

  /** The image with the keys and values that the first step gave of it: of several rows those of the first, as all are the same. */
  #imageAfter({ image, rows }: MergedState, outputs: NamedTensors): SharedImage {
    if (this.#imageCaches.length === 0) return image;
    const found = Object.entries(presentOf(this.#imageCaches, outputs));
    const caches = found.map(([name, cache]) => [name, rows === 1 ? cache : gatherRows(cache, [0])] as const);
    return { hidden: image.hidden, caches: Object.fromEntries(caches) };
  }

  /** One run of the graph, with one image for all rows if it takes that. */
  async #run(state: MergedState, tokenIds: readonly number[]): Promise<Record<string, Tensor>> {
    const { rows } = state;
    const image = await this.#prepare(state.image);
    if (rows === 1) return this.#runWith(state, tokenIds, image);
    // A graph that keeps keys of the image makes them of as many images as there are rows.
    const mayShare = state.length > 0 || this.#imageCaches.length === 0;
    if (mayShare && this.#rowsShareImage === true) return this.#runWith(state, tokenIds, image);
    const isUnknown = mayShare && this.#rowsShareImage === undefined;
    const shared = isUnknown ? await this.#tryShared(state, tokenIds, image) : undefined;
    // Keys that are divided among the rows need not be an error of the graph, so the first result is compared.
    if (shared && !this.#keepsKeys) {
      this.#rowsShareImage = true;
      return shared;
    }
    const outputs = await this.#runWith(state, tokenIds, await this.#repeat(state.image, rows));
    if (mayShare) this.#rowsShareImage ??= shared !== undefined && isSame(shared, outputs);
    return outputs;
  }

  async #tryShared(
    state: MergedState,
    tokenIds: readonly number[],
    image: SharedImage,
  ): Promise<Readonly<Record<string, Tensor>> | undefined> {
    try {
      return await this.#runWith(state, tokenIds, image);
    } catch (error) {
      if (error instanceof RuntimeError || error instanceof ModelMismatchError) return undefined;
      throw error;
    }
  }

  /** The image with what the graph's first part, if it has been taken apart, gives of it. */
  #prepare(image: SharedImage): SharedImage | Promise<SharedImage> {
    if (!this.#imagePart) return image;
    const known = this.#prepared.get(image);
    if (known) return known;
    const prepared = this.#runImagePart(this.#imagePart, image);
    this.#prepared.set(image, prepared);
    prepared.catch(() => this.#prepared.delete(image));
    return prepared;
  }

  async #runImagePart(session: Session, { hidden }: SharedImage): Promise<SharedImage> {
    const known = this.#ofTheImage(hidden);
    const feeds = Object.fromEntries(session.inputs.map(({ name }) => [name, known[name]?.() as Tensor]));
    return { hidden, caches: await session.run(feeds) };
  }

  /** The image once for each row. The last number of rows is remembered. */
  async #repeat(image: SharedImage, rows: number): Promise<SharedImage> {
    const known = await this.#repeated.get(image);
    if (known?.hidden.dims[0] === rows) return known;
    const prepared = this.#repeatPrepared(image, Array<number>(rows).fill(0));
    this.#repeated.set(image, prepared);
    prepared.catch(() => this.#repeated.delete(image));
    return prepared;
  }

  async #repeatPrepared(image: SharedImage, firsts: readonly number[]): Promise<SharedImage> {
    const hidden = gatherRows(image.hidden, firsts);
    const { caches } = await this.#prepare(image);
    // What else the first part gives may not have a row for each image in its first axis.
    if (!Object.values(caches).every(isOfHeads)) return this.#prepare({ hidden, caches: {} });
    const repeated = Object.entries(caches).map(([name, cache]) => [name, gatherRows(cache, firsts)] as const);
    return { hidden, caches: Object.fromEntries(repeated) };
  }

  async #runWith(state: MergedState, tokenIds: readonly number[], image: SharedImage): Promise<Record<string, Tensor>> {
    const kept = state.length === 0 ? [...this.#tokenCaches, ...this.#imageCaches] : this.#tokenCaches;
    const wanted = [MERGED_NAMES.logits, ...this.#summary, ...kept.map(({ name }) => presentName(name))];
    const feeds = { ...(await this.#feeds(state, tokenIds, image.hidden)), ...state.caches, ...image.caches };
    const outputs = await this.#session.run(feeds, wanted);
    const { dims } = outputs[MERGED_NAMES.logits] as Tensor;
    const expected = [state.rows, 1, this.vocabularySize];
    if (String(dims) !== String(expected)) {
      throw new ModelMismatchError(MERGED_NAMES.logits, `[${expected.join(', ')}]`, `[${dims.join(', ')}]`);
    }
    return outputs;
  }

  /** Everything but the caches that the graph lists. */
  async #feeds(
    { rows, length }: MergedState,
    tokenIds: readonly number[],
    hidden: Tensor,
  ): Promise<Record<string, Tensor>> {
    const known: Record<string, () => Tensor | Promise<Tensor>> = {
      [MERGED_NAMES.inputIds]: () => int64Tensor(BigInt64Array.from(tokenIds, BigInt), [rows, 1]),
      [MERGED_NAMES.inputsEmbeds]: () => this.#embed(tokenIds), // [rows, 1, width]
      ...this.#ofTheImage(hidden),
      [MERGED_NAMES.useCache]: () => ({ type: 'bool', dims: [1], data: Uint8Array.of(length > 0 ? 1 : 0) }),
      [MERGED_NAMES.attentionMask]: () => filled(1n, [rows, length + 1]),
      [MERGED_NAMES.positionIds]: () => filled(BigInt(length), [rows, 1]),
      [MERGED_NAMES.numLogits]: () => filled(1n, []),
    };
    const feeds: Record<string, Tensor> = {};
    const listed = new Set(this.#session.inputs.map(({ name }) => name));
    for (const [name, make] of Object.entries(known)) if (listed.has(name)) feeds[name] = await make();
    return feeds;
  }

  /** What the graph is told of the image, by the names of its inputs. */
  #ofTheImage(hidden: Tensor): Record<string, () => Tensor> {
    return {
      [MERGED_NAMES.hiddenStates]: () => hidden,
      [MERGED_NAMES.encoderAttentionMask]: () => filled(1n, hidden.dims.slice(0, 2)),
    };
  }

  async #embed(tokenIds: readonly number[]): Promise<Tensor> {
    if (!this.#embeddings) throw new ModelMismatchError(MERGED_NAMES.inputsEmbeds, 'no such input', 'one');
    const { type } = this.#inputs.get(MERGED_NAMES.inputsEmbeds) as TensorInfo;
    return castFloats(await this.#embeddings.embed(tokenIds, [tokenIds.length, 1]), type);
  }

  /** Caches of one row before the first token. */
  #emptyCaches(infos: readonly TensorInfo[]): NamedTensors {
    const { numHeads, headWidth } = this.#sizes;
    const make = ({ type, dims }: TensorInfo): Tensor => {
      const sizes = [1, numHeads, 0, headWidth].map((size, axis) => {
        const stated = dims[axis];
        return axis % 2 === 1 && typeof stated === 'number' ? stated : size;
      });
      return zeros(type as TensorType, sizes); // [1, heads, 0, width]
    };
    return Object.fromEntries(infos.map((info) => [info.name, make(info)]));
  }
}

/** What a step gave of these caches, by the names of the inputs that take them. */
function presentOf(infos: readonly TensorInfo[], outputs: NamedTensors): NamedTensors {
  return Object.fromEntries(
    infos.map(({ name, type }) => [name, castFloats(outputs[presentName(name)] as Tensor, type)]),
  );
}

/** Whether a tensor is `[1, heads, …, …]`, as keys, values and masks are. */
function isOfHeads({ type, dims }: Tensor): boolean {
  return (type === 'float32' || type === 'float16') && dims.length === 4 && dims[0] === 1;
}

/** Whether two runs gave the same logits, but for rounding. */
function isSame(a: NamedTensors, b: NamedTensors): boolean {
  const [first, second] = [a, b].map(
    (outputs) => castFloats(outputs[MERGED_NAMES.logits] as Tensor, 'float32').data as Float32Array,
  ) as [Float32Array, Float32Array];
  let [difference, largest] = [0, 0];
  for (let i = 0; i < first.length; i++) {
    difference = Math.max(difference, Math.abs((first[i] as number) - (second[i] as number)));
    largest = Math.max(largest, Math.abs(second[i] as number));
  }
  return difference <= SAME * largest;
}

function checkWidth({ dims }: Tensor, { dims: expected }: TensorInfo): void {
  const width = expected[2];
  if (typeof width !== 'number' || dims[2] === width) return;
  throw new ModelMismatchError(MERGED_NAMES.hiddenStates, `[1, patches, ${width}]`, `[${dims.join(', ')}]`);
}

function filled(value: bigint, dims: readonly number[]): Tensor<'int64'> {
  return int64Tensor(new BigInt64Array(elementCount(dims)).fill(value), dims);
}
