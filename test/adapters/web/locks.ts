import { untilAborted } from '../../../src/async/until-aborted.js';

/** Exclusive locks by name, as `navigator.locks` has them in browsers and in Node from version 24 on. */
export class Locks implements Pick<LockManager, 'request'> {
  readonly #held = new Map<string, Promise<unknown>>();

  async request<T>(
    name: string,
    options: LockOptions | LockGrantedCallback<T>,
    work?: LockGrantedCallback<T>,
  ): Promise<Awaited<T>> {
    const [{ signal }, callback] = typeof options === 'function' ? [{}, options] : [options, work!];
    const before = this.#held.get(name) ?? Promise.resolve();
    const waited = untilAborted(before, signal);
    const done = waited.then(() => callback(null));
    this.#held.set(name, Promise.allSettled([before, done]));
    return await done;
  }
}
