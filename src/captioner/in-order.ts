import { untilAborted } from '../async/until-aborted.js';

/** What became of one input. */
export type Outcome<In, Out> = PromiseSettledResult<Out> & {
  /** Its place among the inputs, from 0. */
  readonly index: number;
  /** The input itself. */
  readonly source: In;
};

/** What becomes of the inputs, and how many at a time. */
export interface Stages<In, Between, Out> {
  /** Inputs in the first stage, or waiting for the second; at least 1. */
  readonly maxAhead: number;
  /** Inputs in the second stage; at least 1. */
  readonly batchSize: number;
  readonly first: (input: In) => Promise<Between>;
  /** @returns an outcome for each */
  readonly second: (batch: readonly Between[]) => Promise<PromiseSettledResult<Out>[]>;
  /** Ends the wait for inputs; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Puts inputs through two stages: the first runs ahead of the second, the second takes `batchSize` inputs at a time. Outcomes
 * come in the order of the inputs, as soon as their batch is done. An input that fails does not stop the others.
 *
 * Nothing is read before the first outcome is asked for. If no more are asked for, the inputs are closed.
 *
 * @throws what the inputs themselves throw; the abort reason
 */
export async function* inOrder<In, Between, Out>(
  inputs: Iterable<In> | AsyncIterable<In>,
  { maxAhead, batchSize, first, second, signal }: Stages<In, Between, Out>,
): AsyncGenerator<Outcome<In, Out>, void, void> {
  const source = iterate(inputs);
  let lastRead: Promise<unknown> = Promise.resolve();
  let count = 0;
  /** Reads the next input, after those before it, and begins its first stage; undefined if there is none. */
  const begin = (): Promise<Outcome<In, Between> | undefined> => {
    const read = lastRead.then(() => source.next());
    lastRead = read;
    const begun = read.then(async ({ done, value }) => {
      if (done) return undefined;
      const index = count++;
      return { ...(await settle(() => first(value))), index, source: value };
    });
    begun.catch(() => undefined); // It is awaited below, when its turn comes.
    return begun;
  };
  const ahead = Array.from({ length: maxAhead }, begin);
  try {
    for (;;) {
      const batch = await untilAborted(takeBatch(ahead, batchSize, begin), signal);
      if (batch.length === 0) return;
      yield* await forFulfilled(batch, second);
    }
  } finally {
    // Not awaited: an input that never comes must not hold up the end.
    Promise.resolve(source.return?.()).catch(() => undefined);
  }
}

/**
 * Takes what comes out of the first stage, and begins as many new ones. If the inputs end or fail, what came before makes the
 * batch; a failure is thrown when there is nothing before it.
 */
async function takeBatch<T>(
  ahead: Promise<T | undefined>[],
  size: number,
  begin: () => Promise<T | undefined>,
): Promise<T[]> {
  const batch: T[] = [];
  while (batch.length < size) {
    const [next] = await Promise.allSettled([ahead[0]]);
    if (next.status === 'rejected' && batch.length === 0) throw next.reason;
    if (next.status === 'rejected' || next.value === undefined) break;
    void ahead.shift();
    ahead.push(begin());
    batch.push(next.value);
  }
  return batch;
}

/** Puts what was fulfilled through the second stage; what was rejected keeps its place. */
async function forFulfilled<In, Between, Out>(
  batch: readonly Outcome<In, Between>[],
  second: (batch: readonly Between[]) => Promise<PromiseSettledResult<Out>[]>,
): Promise<Outcome<In, Out>[]> {
  const values = batch.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const outcomes = (await second(values)).values();
  return batch.map((outcome) =>
    outcome.status === 'fulfilled'
      ? {
          ...(outcomes.next().value as PromiseSettledResult<Out>),
          index: outcome.index,
          source: outcome.source,
        }
      : outcome,
  );
}

function iterate<T>(inputs: Iterable<T> | AsyncIterable<T>): Iterator<T> | AsyncIterator<T> {
  return Symbol.asyncIterator in inputs ? inputs[Symbol.asyncIterator]() : inputs[Symbol.iterator]();
}

async function settle<T>(run: () => Promise<T>): Promise<PromiseSettledResult<T>> {
  const [outcome] = await Promise.allSettled([run()]);
  return outcome;
}
