import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { App } from './app.js';
import { errorBody, errorHeaders } from './answer.js';
import type { RequestError } from './request-error.js';
import type { ResolvedServerOptions } from './server-options.js';

/** A client has so long to send the headers of a request. */
const HEADERS_TIMEOUT_MS = 10_000;

/**
 * The server of `node:http` that asks the app. What the app would refuse is answered before a `Request` and a `Response` are made: at ten
 * times the capacity nine of ten requests are such, and each takes time from those that are captioned.
 */
export function createNodeServer(app: App, { maxBodyBytes, requestTimeoutMs }: ResolvedServerOptions): Server {
  const listener = getRequestListener((request, env) => app.fetch(request, env), { overrideGlobalObjects: false });
  const timeouts = {
    headersTimeout: HEADERS_TIMEOUT_MS,
    // A body that comes slowly is answered 504 first.
    requestTimeout: Math.max(HEADERS_TIMEOUT_MS, 2 * requestTimeoutMs),
  };
  const server = createServer(timeouts, (incoming, outgoing) => {
    const error = app.refuse(incoming.method!, incoming.url!);
    if (error === undefined) return void listener(incoming, outgoing);
    answer(outgoing, error, app.admission.isClosed);
    discardBody(incoming, maxBodyBytes);
  });
  server.on('checkContinue', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const error = app.refuse(incoming.method!, incoming.url!);
    // The client waits with the body, which it need not send at all.
    if (error !== undefined) {
      answer(outgoing, error, true);
      return;
    }
    outgoing.writeContinue();
    void listener(incoming, outgoing);
  });
  return server;
}

function answer(outgoing: ServerResponse, error: RequestError, isLast: boolean): void {
  const body = JSON.stringify(errorBody(error));
  outgoing.writeHead(error.status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...errorHeaders(error),
    ...(isLast && { connection: 'close' }),
  });
  outgoing.end(body);
}

/** Reads on, so that the client can end its request and read the answer; what is longer than any body is cut. */
function discardBody(incoming: IncomingMessage, maxBytes: number): void {
  let left = maxBytes;
  incoming.on('data', (piece: Buffer) => {
    left -= piece.length;
    if (left < 0) incoming.destroy();
  });
  incoming.on('error', () => undefined);
}
