import { RuntimeError } from '../core/index.js';
import { fromErrorMessage } from './error-message.js';
import type { Answer, Port, Request } from './protocol.js';

/** A worker as the caller's thread sees it. */
export interface WorkerPort extends Port<Answer, Request> {
  /** Is told, once, that the worker has ended without being asked to. */
  onEnd(listener: (cause: unknown) => void): void;
  /** Lets the process end though the worker is there, or not. A call that is under way keeps it. */
  keepAlive(isKept: boolean): void;
  /** Ends the worker, whatever it is doing. */
  terminate(): void;
}

type Event = Exclude<Answer, { readonly kind: 'result' | 'error' }>;

interface Pending {
  resolve(value: unknown): void;
  reject(reason: unknown): void;
  onEvent(event: Event): void;
}

/** A request without the id that the connection gives it. */
type Unnumbered<T> = T extends Request ? Omit<T, 'id'> : never;

/** What can be done about a call beside its answer. */
export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  readonly transfer?: readonly object[] | undefined;
  /** Is told of what comes before the answer; `reply` sends a further message of the same call. */
  readonly onEvent?:
    ((event: Event, reply: (message: Unnumbered<Request>, transfer?: readonly object[]) => void) => void) | undefined;
}

/** Calls to a worker: each gets its answer, or the reason for which there is none. */
export class Connection {
  readonly #port: WorkerPort;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #end: Error | undefined;

  constructor(port: WorkerPort) {
    this.#port = port;
    port.keepAlive(false);
    port.onMessage((answer) => this.#receive(answer));
    port.onEnd((cause) => {
      this.#end = new RuntimeError('The worker of the captioner has ended. The next call starts a new one.', { cause });
      for (const call of this.#pending.values()) call.reject(this.#end);
      this.#pending.clear();
    });
  }

  /** Whether the worker has ended. */
  get hasEnded(): boolean {
    return this.#end !== undefined;
  }

  /** @throws what the call throws in the worker; the abort reason; RuntimeError if the worker ends */
  async request(message: Unnumbered<Request>, options: RequestOptions = {}): Promise<unknown> {
    const { signal, transfer, onEvent } = options;
    signal?.throwIfAborted();
    if (this.#end !== undefined) throw this.#end;
    const id = this.#nextId++;
    const post = (next: Unnumbered<Request>, moved?: readonly object[]): void =>
      this.#port.post({ ...next, id }, moved);
    let onAbort: (() => void) | undefined;
    this.#port.keepAlive(true);
    try {
      return await new Promise((resolve, reject) => {
        this.#pending.set(id, { resolve, reject, onEvent: (event) => onEvent?.(event, post) });
        onAbort = () => {
          post({ kind: 'abort' });
          reject(signal?.reason);
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        post(message, transfer);
      });
    } finally {
      if (onAbort) signal?.removeEventListener('abort', onAbort);
      this.#pending.delete(id);
      if (this.#pending.size === 0) this.#port.keepAlive(false);
    }
  }

  /** Ends the worker at once. */
  terminate(): void {
    this.#port.terminate();
  }

  #receive(answer: Answer): void {
    const pending = this.#pending.get(answer.id);
    switch (answer.kind) {
      case 'result':
        return pending?.resolve(answer.value);
      case 'error':
        return pending?.reject(fromErrorMessage(answer.error));
      default:
        return pending?.onEvent(answer);
    }
  }
}
