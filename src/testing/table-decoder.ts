import type { CaptionDecoder, DecoderStep, EncodedImage } from '../core/index.js';
import { ContractError } from './contract-case.js';
import { mix, toUnit } from './hash.js';
import { summarise } from './summarise.js';

/** How a {@link TableDecoder} behaves. */
export interface TableDecoderOptions {
  /** Number of tokens. */
  readonly vocabularySize: number;
  /** The most tokens a row takes in. Default 64. */
  readonly maxPositions?: number;
  /** Decoders of the same seed give the same logits. Default 0. */
  readonly seed?: number;
  /** Logits lie between −`spread` and `spread`. Default 3. */
  readonly spread?: number;
  /** How many of the last tokens matter; 1 makes a Markov chain. Default all. */
  readonly memory?: number;
  /** Added to the logits of tokens, by id: −Infinity for a token that must never come. */
  readonly bias?: Readonly<Record<number, number>>;
  /** Tells an attention over so many regions. Default none. */
  readonly regions?: number;
  /** Whether it tells what its logits sum up to. Default false. */
  readonly hasSummary?: boolean;
  /** Whether the picture stands in front of the text, so that the first step may read no token. Default false. */
  readonly hasPrefix?: boolean;
}

/** The state of a {@link TableDecoder}: of each row its tokens and the hash of its picture. */
export interface TableState {
  readonly images: readonly number[];
  readonly rows: readonly (readonly number[])[];
}

/**
 * A decoder without a model, for tests of searches: the logits are a hash of the picture and of a row's tokens, as if
 * looked up in an endless table. Deterministic, and the same on every machine. Misuse throws `ContractError`.
 */
export class TableDecoder implements CaptionDecoder<TableState> {
  readonly vocabularySize: number;
  readonly maxPositions: number;
  readonly hasPrefix: boolean;
  readonly #options: TableDecoderOptions;

  constructor(options: TableDecoderOptions) {
    this.vocabularySize = options.vocabularySize;
    this.maxPositions = options.maxPositions ?? 64;
    this.hasPrefix = options.hasPrefix ?? false;
    this.#options = options;
  }

  start(image: EncodedImage): TableState {
    return { images: [hashImage(image)], rows: [[]] };
  }

  async step(state: TableState, tokenIds: readonly number[]): Promise<DecoderStep<TableState>> {
    await Promise.resolve(); // as late as a real one
    const isPrefixAlone = this.hasPrefix && tokenIds.length === 0 && state.rows.every((row) => row.length === 0);
    if (tokenIds.length !== state.rows.length && !isPrefixAlone) {
      throw new ContractError(`${tokenIds.length} tokens for ${state.rows.length} rows.`);
    }
    const rows = isPrefixAlone ? state.rows : state.rows.map((row, index) => [...row, tokenIds[index] as number]);
    const logits = new Float32Array(rows.length * this.vocabularySize); // [rows, vocabularySize]
    rows.forEach((row, index) => logits.set(this.logits(row, state.images[index]), index * this.vocabularySize));
    const { regions, hasSummary } = this.#options;
    return {
      logits,
      state: { ...state, rows },
      ...(regions && { attention: this.#attention(rows) }),
      ...(hasSummary && { summary: summarise(logits, rows.length) }),
    };
  }

  reorder(state: TableState, parents: readonly number[]): TableState {
    const rows = parents.map((parent) => {
      const row = state.rows[parent];
      if (row === undefined) throw new ContractError(`There is no row ${parent} among ${state.rows.length}.`);
      return row;
    });
    return { images: parents.map((parent) => state.images[parent] as number), rows };
  }

  join(states: readonly TableState[]): TableState {
    return { images: states.flatMap(({ images }) => images), rows: states.flatMap(({ rows }) => rows) };
  }

  /**
   * The logits after these tokens, start tokens included: `[vocabularySize]`.
   * @param image hash of the picture; default that of an empty one
   */
  logits(tokenIds: readonly number[], image = hashImage({})): Float32Array {
    if (tokenIds.length > this.maxPositions) {
      throw new ContractError(`A row of ${tokenIds.length} tokens, but maxPositions is ${this.maxPositions}.`);
    }
    const { spread = 3, bias = {} } = this.#options;
    const hash = this.#hash(tokenIds, image);
    return Float32Array.from({ length: this.vocabularySize }, (_, tokenId) => {
      return (2 * toUnit(mix(hash, tokenId + 1)) - 1) * spread + (bias[tokenId] ?? 0);
    });
  }

  #hash(tokenIds: readonly number[], image: number): number {
    const { seed = 0, memory = Infinity } = this.#options;
    let hash = mix(mix(1, seed), image);
    for (const tokenId of tokenIds.slice(Math.max(0, tokenIds.length - memory))) {
      if (!(Number.isInteger(tokenId) && tokenId >= 0 && tokenId < this.vocabularySize)) {
        throw new ContractError(`${tokenId} is not a token id; the vocabulary has ${this.vocabularySize}.`);
      }
      hash = mix(hash, tokenId + 1);
    }
    return hash;
  }

  /** `[rows, regions]`, each row summing to 1. */
  #attention(rows: readonly (readonly number[])[]): Float32Array {
    const { regions = 0 } = this.#options;
    const attention = rows.flatMap((row) => {
      const hash = mix(this.#hash(row, 0), -1);
      const weights = Array.from({ length: regions }, (_, region) => 0.1 + toUnit(mix(hash, region)));
      const sum = weights.reduce((total, weight) => total + weight, 0);
      return weights.map((weight) => weight / sum);
    });
    return Float32Array.from(attention);
  }
}

/** Different pictures give different logits. */
function hashImage(image: EncodedImage): number {
  let hash = 0;
  for (const name of Object.keys(image).sort()) {
    const data = image[name]?.data ?? [];
    for (const value of data) hash = mix(hash, Math.round(Number(value) * 65536));
  }
  return hash;
}
