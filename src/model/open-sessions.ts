import type { GraphSource, Platform, Session, SessionOptions } from '../core/index.js';

/** The sessions of a model, so that all are released together, also if only some could be opened. */
export class OpenSessions {
  readonly #platform: Platform;
  readonly #signal: AbortSignal | undefined;
  readonly #sessions: Session[] = [];

  constructor(platform: Platform, signal: AbortSignal | undefined) {
    this.#platform = platform;
    this.#signal = signal;
  }

  /** @throws ModelFileError if the runtime cannot read the graph; the abort reason */
  async open(graph: GraphSource, name: string, settings?: SessionOptions): Promise<Session> {
    this.#signal?.throwIfAborted();
    const session = await this.#platform.createSession(graph, name, settings);
    this.#sessions.push(session);
    this.#signal?.throwIfAborted();
    return session;
  }

  async release(): Promise<void> {
    await Promise.all(this.#sessions.map((session) => session.release()));
  }
}

/** A file's name without its folder, as a graph in the same folder names it. */
export function baseName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}
