/**
 * The promise's result, or the signal's reason as soon as the signal aborts. What the promise does after that is
 * ignored; whoever started the work stops it.
 */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  let stop: () => void = ignore;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => {
      try {
        signal.throwIfAborted();
      } catch (reason) {
        reject(reason);
      }
    };
    signal.addEventListener('abort', stop);
    stop();
  });
  return Promise.race([aborted, work]).finally(() => {
    signal.removeEventListener('abort', stop);
  });
}

/** Handles a rejection that can be ignored. */
export function ignore(): void {
  // Nothing to do.
}
