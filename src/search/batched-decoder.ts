import type { CaptionDecoder, DecoderStep, EncodedImage } from '../core/index.js';

/** One search's rows of a state that it may share with others. */
export interface SharedRows<State> {
  readonly state: State;
  /** How many rows the state has in all. */
  readonly stateRows: number;
  /** Which of them are the search's own, in its order. */
  readonly own: readonly number[];
}

/** A search's next step, which waits for those of the others. */
interface Waiting<State> {
  readonly rows: SharedRows<State>;
  readonly tokenIds: readonly number[];
  readonly resolve: (step: DecoderStep<SharedRows<State>>) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * A decoder for several searches that run at once, each of a picture of its own: it waits until every one of them has asked for
 * its next step, and takes these steps together, as one, if the decoder it stands for can `join` their states. So the
 * weights are read once for all pictures. A search that has ended is not waited for any more.
 *
 * No search knows of the others: to each it is a decoder as any other, and gives what it would give alone.
 */
export class BatchedDecoder<State = unknown> implements CaptionDecoder<SharedRows<State>> {
  readonly vocabularySize: number;
  readonly maxPositions: number;
  readonly hasPrefix: boolean;
  readonly #decoder: CaptionDecoder<State>;
  #waiting: Waiting<State>[] = [];
  #running = 0;

  constructor(decoder: CaptionDecoder<State>) {
    this.#decoder = decoder;
    this.vocabularySize = decoder.vocabularySize;
    this.maxPositions = decoder.maxPositions;
    this.hasPrefix = decoder.hasPrefix ?? false;
  }

  /**
   * Runs searches on this decoder, step by step together.
   * @returns what each comes to, in their order
   */
  run<T>(searches: readonly (() => Promise<T>)[]): Promise<PromiseSettledResult<T>[]> {
    this.#running += searches.length;
    const leave = (): void => {
      this.#running--;
      this.#stepIfAllWait();
    };
    return Promise.allSettled(searches.map((search) => search().finally(leave)));
  }

  start(image: EncodedImage): SharedRows<State> {
    return { state: this.#decoder.start(image), stateRows: 1, own: [0] };
  }

  reorder(rows: SharedRows<State>, parents: readonly number[]): SharedRows<State> {
    return { ...rows, own: parents.map((parent) => rows.own[parent] as number) };
  }

  step(rows: SharedRows<State>, tokenIds: readonly number[]): Promise<DecoderStep<SharedRows<State>>> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ rows, tokenIds, resolve, reject });
      this.#stepIfAllWait();
    });
  }

  #stepIfAllWait(): void {
    if (this.#waiting.length === 0 || this.#waiting.length < this.#running) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#stepTogether(waiting).catch((error: unknown) => {
      for (const { reject } of waiting) reject(error);
    });
  }

  /** Searches that share a state already go on in it; those of different states as one if these can be joined. */
  async #stepTogether(waiting: readonly Waiting<State>[]): Promise<void> {
    const sharing = [...groupBy(waiting, ({ rows }) => rows.state).values()];
    const mayJoin = sharing.length > 1 && this.#decoder.join !== undefined;
    const parts = sharing.map((group) => {
      const width = mostRows(mayJoin ? waiting : group);
      return { group, width, state: this.#take(group, width) };
    });
    const joined = mayJoin ? this.#decoder.join?.(parts.map(({ state }) => state)) : undefined;
    if (joined !== undefined) return this.#stepAs(joined, sharing.flat(), mostRows(waiting));
    for (const { group, width, state } of parts) await this.#stepAs(state, group, width);
  }

  /** The rows of searches that share a state, search after search, `width` of each: who has fewer repeats the last. */
  #take(group: readonly Waiting<State>[], width: number): State {
    const { state, stateRows } = (group[0] as Waiting<State>).rows;
    const parents = group.flatMap(({ rows }) => padded(rows.own, width));
    const isIdentity = parents.length === stateRows && parents.every((parent, row) => parent === row);
    return isIdentity ? state : this.#decoder.reorder(state, parents);
  }

  /** One step of the decoder for several searches, and to each its part of the outcome. */
  async #stepAs(state: State, waiting: readonly Waiting<State>[], width: number): Promise<void> {
    try {
      const tokenIds = waiting.flatMap(({ tokenIds }) => padded(tokenIds, width));
      const step = await this.#decoder.step(state, tokenIds);
      const stateRows = waiting.length * width;
      waiting.forEach(({ rows: { own }, resolve }, index) => {
        resolve(partOf(step, stateRows, index * width, own.length));
      });
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }
}

/** The outcome for `count` rows from the row `from` on. */
function partOf<State>(
  { logits, attention, summary, state }: DecoderStep<State>,
  stateRows: number,
  from: number,
  count: number,
): DecoderStep<SharedRows<State>> {
  const part = (all: Float32Array): Float32Array => {
    const size = all.length / stateRows;
    return all.subarray(from * size, (from + count) * size); // [count, size]
  };
  return {
    logits: part(logits),
    state: { state, stateRows, own: Array.from({ length: count }, (_, row) => from + row) },
    ...(attention && { attention: part(attention) }),
    ...(summary && { summary: { logSumExps: part(summary.logSumExps), entropies: part(summary.entropies) } }),
  };
}

function mostRows<State>(waiting: readonly Waiting<State>[]): number {
  return Math.max(...waiting.map(({ rows }) => rows.own.length));
}

/** A list made longer by its last item; an empty one, of a step that reads no tokens, stays as it is. */
function padded(list: readonly number[], length: number): readonly number[] {
  const last = list.at(-1);
  return last === undefined ? list : [...list, ...Array<number>(length - list.length).fill(last)];
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}
