import { ignore } from '../../../core/until-aborted.js';

/** Lets one piece of work run at a time, in the order in which they came. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** @throws what `work` throws */
  take<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(ignore);
    return done;
  }
}
