/**
 * Puts inputs through two stages: the first runs ahead of the second, the second takes `batchSize` inputs at a time. Outcomes
 * come in the order of the inputs, as soon as their batch is done. An input that fails does not stop the others.
 *
 * Nothing is read before the first outcome is asked for. Where no more are asked for, the inputs are closed.
 *
 * @throws what the inputs themselves throw
 */
export async function* inOrder<In, Between, Out>(
  inputs: Iterable<In> | AsyncIterable<In>,
  { maxAhead, batchSize, first, second }: Stages<In, Between, Out>,
): AsyncGenerator<PromiseSettledResult<Out>, void, void> {
  const source = iterate(inputs);
  let lastRead: Promise<unknown> = Promise.resolve();
  /** Reads the next input, after those before it, and begins its first stage; undefined where there is none. */
  const begin = (): Promise<PromiseSettledResult<Between> | undefined> => {
    const read = lastRead.then(() => source.next());
    lastRead = read;
    const begun = read.then(({ done, value }) => (done ? undefined : settle(() => first(value))));
    begun.catch(() => undefined); // It is awaited below, where its turn comes.
    return begun;
  };
  const ahead = Array.from({ length: maxAhead }, begin);
  try {
    for (;;) {
      const batch = await takeBatch(ahead, batchSize, begin);
      if (batch.length === 0) return;
      yield* await forFulfilled(batch, second);
    }
  } finally {
    // Not awaited: an input that never comes must not hold up the end.
    Promise.resolve(source.return?.()).catch(() => undefined);
  }
}

/**
 * Takes what comes out of the first stage, and begins as many new ones. Where the inputs end or fail, what came before makes the
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

/** What becomes of the inputs, and how many at a time. */
interface Stages<In, Between, Out> {
  /** Inputs in the first stage, or waiting for the second; at least 1. */
  readonly maxAhead: number;
  /** Inputs in the second stage; at least 1. */
  readonly batchSize: number;
  readonly first: (input: In) => Promise<Between>;
  /** @returns an outcome for each */
  readonly second: (batch: readonly Between[]) => Promise<PromiseSettledResult<Out>[]>;
}

/** Puts what was fulfilled through the second stage; what was rejected keeps its place. */
async function forFulfilled<Between, Out>(
  batch: readonly PromiseSettledResult<Between>[],
  second: (batch: readonly Between[]) => Promise<PromiseSettledResult<Out>[]>,
): Promise<PromiseSettledResult<Out>[]> {
  const values = batch.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const outcomes = (await second(values)).values();
  return batch.map((outcome) =>
    outcome.status === 'fulfilled' ? (outcomes.next().value as PromiseSettledResult<Out>) : outcome,
  );
}

function iterate<T>(inputs: Iterable<T> | AsyncIterable<T>): Iterator<T> | AsyncIterator<T> {
  return Symbol.asyncIterator in inputs ? inputs[Symbol.asyncIterator]() : inputs[Symbol.iterator]();
}

async function settle<T>(run: () => Promise<T>): Promise<PromiseSettledResult<T>> {
  const [outcome] = await Promise.allSettled([run()]);
  return outcome;
}
