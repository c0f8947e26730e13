import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A process that captions the picture each time it is asked. It is idle in between, so that others can take their turns. */
export class Runner {
  #process;
  #lines;

  constructor(command, args) {
    this.#process = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  /** What it runs on, once it has loaded its model. */
  async ready() {
    this.about = await this.#read();
    return this;
  }

  /** One caption: `{ ms, ids, … }`. */
  ask(request) {
    this.#process.stdin.write(`${JSON.stringify(request)}\n`);
    return this.#read();
  }

  end() {
    this.#process.stdin.end();
  }

  async #read() {
    const { done, value } = await this.#lines.next();
    if (done) throw new Error(`${this.#process.spawnargs.join(' ')} ended before it answered.`);
    return JSON.parse(value);
  }
}
