import type { CaptionDecoder, DecoderStep, EncodedImage } from '../core/index.js';
import { ContractError } from './contract-case.js';

/** The state of a {@link RecordingDecoder}: the other decoder's, how many rows it has, and whether nothing was read yet. */
export interface RecordingState<State> {
  readonly numRows: number;
  readonly isStart: boolean;
  readonly inner: State;
}

/**
 * Wraps a decoder, writes down how it is called, and throws `ContractError` if the caller breaks its side of the
 * contract: a token for each row (or none, if a prefix is read alone), ids within the vocabulary, parents that exist, no
 * state that `reorder` has taken over.
 */
export class RecordingDecoder<State> implements CaptionDecoder<RecordingState<State>> {
  readonly vocabularySize: number;
  readonly maxPositions: number;
  readonly hasPrefix: boolean;
  /** Where the other decoder joins states: joins those. */
  readonly join?: (states: readonly RecordingState<State>[]) => RecordingState<State> | undefined;
  /** How many states were started. */
  starts = 0;
  /** The tokens of each step, a token a row. */
  readonly steps: (readonly number[])[] = [];
  /** The parents of each reordering. */
  readonly reorders: (readonly number[])[] = [];
  readonly #decoder: CaptionDecoder<State>;
  readonly #taken = new WeakSet<RecordingState<State>>();

  constructor(decoder: CaptionDecoder<State>) {
    this.#decoder = decoder;
    this.vocabularySize = decoder.vocabularySize;
    this.maxPositions = decoder.maxPositions;
    this.hasPrefix = decoder.hasPrefix ?? false;
    if (decoder.join) this.join = (states) => this.#join(states);
  }

  start(image: EncodedImage): RecordingState<State> {
    this.starts++;
    return { numRows: 1, isStart: true, inner: this.#decoder.start(image) };
  }

  async step(state: RecordingState<State>, tokenIds: readonly number[]): Promise<DecoderStep<RecordingState<State>>> {
    const { numRows, isStart, inner } = this.#usable(state);
    this.steps.push([...tokenIds]);
    const isPrefixAlone = this.hasPrefix && isStart && tokenIds.length === 0;
    if (tokenIds.length !== numRows && !isPrefixAlone)
      throw new ContractError(`${tokenIds.length} tokens for ${numRows} rows.`);
    checkIndices(tokenIds, this.vocabularySize, 'token id');
    const step = await this.#decoder.step(inner, tokenIds);
    return { ...step, state: { numRows, isStart: false, inner: step.state } };
  }

  reorder(state: RecordingState<State>, parents: readonly number[]): RecordingState<State> {
    const { numRows, isStart, inner } = this.#usable(state);
    this.#taken.add(state);
    this.reorders.push([...parents]);
    if (parents.length === 0) throw new ContractError('A state was reordered to no rows.');
    checkIndices(parents, numRows, 'row');
    return { numRows: parents.length, isStart, inner: this.#decoder.reorder(inner, parents) };
  }

  #usable(state: RecordingState<State>): RecordingState<State> {
    if (this.#taken.has(state)) throw new ContractError('A state was used after it was reordered.');
    return state;
  }

  #join(states: readonly RecordingState<State>[]): RecordingState<State> | undefined {
    const [{ numRows, isStart }] = states as [RecordingState<State>];
    const other = states
      .map((state) => this.#usable(state))
      .find((state) => state.numRows !== numRows || state.isStart !== isStart);
    if (other) throw new ContractError(`States of ${numRows} and ${other.numRows} rows were joined.`);
    const inner = this.#decoder.join?.(states.map((state) => state.inner));
    return inner === undefined ? undefined : { numRows: numRows * states.length, isStart, inner };
  }
}

function checkIndices(indices: readonly number[], size: number, what: string): void {
  const wrong = indices.find((index) => !(Number.isInteger(index) && index >= 0 && index < size));
  if (wrong !== undefined) throw new ContractError(`${wrong} is no ${what}; there are ${size}.`);
}
