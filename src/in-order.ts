/**
 * Puts inputs through two stages: the first runs ahead of the second, the second takes one input at a time. Outcomes come
 * in the order of the inputs, each as soon as it is there. An input that fails does not stop the others.
 *
 * Nothing is read before the first outcome is asked for. Where no more are asked for, the inputs are closed.
 *
 * @param maxAhead inputs in the first stage, or waiting between the two; at least 1
 * @throws what the inputs themselves throw
 */
export async function* inOrder<In, Between, Out>(
  inputs: Iterable<In> | AsyncIterable<In>,
  maxAhead: number,
  first: (input: In) => Promise<Between>,
  second: (between: Between) => Promise<Out>,
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
      const between = await ahead.shift();
      if (between === undefined) return;
      ahead.push(begin());
      yield between.status === 'rejected' ? between : await settle(() => second(between.value));
    }
  } finally {
    // Not awaited: an input that never comes must not hold up the end.
    Promise.resolve(source.return?.()).catch(() => undefined);
  }
}

function iterate<T>(inputs: Iterable<T> | AsyncIterable<T>): Iterator<T> | AsyncIterator<T> {
  return Symbol.asyncIterator in inputs ? inputs[Symbol.asyncIterator]() : inputs[Symbol.iterator]();
}

async function settle<T>(run: () => Promise<T>): Promise<PromiseSettledResult<T>> {
  const [outcome] = await Promise.allSettled([run()]);
  return outcome;
}
