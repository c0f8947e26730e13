import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InvalidArgumentError } from '../core/index.js';
import { App } from './app.js';
import type { ServedCaptioner } from './dispatcher.js';
import { createNodeServer } from './node-server.js';
import { readServerOptions, type ServerOptions } from './server-options.js';

export type { ServedCaptioner, ServedImage } from './dispatcher.js';
export type { ServerOptions } from './server-options.js';

/** Where a server listens. */
export interface ListenOptions {
  /** Default 0: any free one. */
  readonly port?: number;
  /** Address or name of the network interface. Default `127.0.0.1`: this machine only. */
  readonly hostname?: string;
}

/** An HTTP server that captions images. */
export interface CaptionServer extends AsyncDisposable {
  /** Answers one request, for a server of your own that speaks the Fetch API. */
  fetch(request: Request): Promise<Response>;
  /**
   * Begins to listen.
   *
   * @returns its address, such as `http://127.0.0.1:8080`
   * @throws what Node throws if the port is taken or not allowed
   */
  listen(options?: ListenOptions): Promise<string>;
  /**
   * Takes no more requests, and ends when those that were taken are answered. The captioners are not disposed of. May be called more
   * than once.
   */
  close(): Promise<void>;
}

/**
 * Makes an HTTP server of captioners: `POST /caption`, `GET /models`, `/healthz`, `/readyz`, `/metrics`, `/openapi.json`, and a page at
 * `/`. `captioneer serve` is this server with captioners in worker threads.
 *
 * @param captioners one, or several of the same model that share the work
 * @throws InvalidArgumentError for an option, or if there is no captioner
 * @example
 * ```ts
 * import { createServer } from 'captioneer/server';
 * import { Captioner } from 'captioneer/worker';
 *
 * const captioner = await Captioner.load();
 * const server = createServer(captioner, { maxRequests: 16 });
 * console.log(await server.listen({ port: 8080 }));
 * // …
 * await server.close();
 * await captioner.dispose();
 * ```
 */
export function createServer(
  captioners: ServedCaptioner | readonly ServedCaptioner[],
  options?: ServerOptions,
): CaptionServer {
  const resolved = readServerOptions(options);
  const all = Array.isArray(captioners) ? (captioners as readonly ServedCaptioner[]) : [captioners as ServedCaptioner];
  if (
    all.length === 0 ||
    all.some((each) => typeof (each as Partial<ServedCaptioner> | undefined)?.caption !== 'function')
  ) {
    throw new InvalidArgumentError('captioners', 'createServer() takes a captioner, or an array of at least one.');
  }
  const app = new App(all, resolved);
  let server: Server | undefined;
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= closeAfter(app.admission.close(), server));
  return {
    fetch: (request) => app.fetch(request),
    listen: ({ port = 0, hostname = '127.0.0.1' } = {}) => {
      server = createNodeServer(app, resolved);
      return listening(server, port, hostname);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function listening(server: Server, port: number, hostname: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, hostname, () => {
      server.off('error', reject);
      const { address, family, port: taken } = server.address() as AddressInfo;
      resolve(`http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`);
    });
  });
}

/** Listens no more; connections end with the answer that is under way, and those without one now. */
async function closeAfter(done: Promise<void>, server: Server | undefined): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    if (server?.listening) server.close(() => resolve());
    else resolve();
  });
  await done;
  // The last answers are written; then their connections have nothing to do.
  const timer = setInterval(() => server?.closeIdleConnections(), 20);
  await stopped;
  clearInterval(timer);
}
