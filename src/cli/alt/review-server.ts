import { randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AltDecision, type AltQueue, isAltDecision, withDecision } from '../../alt/index.js';
import { reviewItems } from './review-items.js';

/** What the page is served from. */
export interface ReviewOptions {
  readonly queue: AltQueue;
  /** The page's script. */
  readonly script: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Saves the queue after each decision. */
  readonly save: (queue: AltQueue) => Promise<void>;
}

/** A page that is being served. */
export interface ReviewServer {
  /** With its token: whoever knows it may decide. */
  readonly url: string;
  close(): Promise<void>;
}

const MAX_MESSAGE_BYTES = 100_000;
const PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Alternative texts</title><link rel="icon" href="data:,"></head>
<body><script src="script.js"></script></body></html>
`;
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/**
 * Serves the page on which texts are reviewed, on this machine alone. Each address has a random token, and the Host must be this
 * server's, so that another page of the browser can neither read nor decide anything.
 */
export async function startReview(options: ReviewOptions): Promise<ReviewServer> {
  const token = randomBytes(24).toString('base64url');
  const desk = new ReviewDesk(options);
  const server = createServer((request, response) => {
    void answer(request, response, token, desk).catch(() => response.destroy());
  });
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/${token}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** The queue while it is reviewed. */
class ReviewDesk {
  readonly script: string;
  readonly #save: ReviewOptions['save'];
  #queue: AltQueue;
  #saved: Promise<void> = Promise.resolve();

  constructor({ queue, script, save }: ReviewOptions) {
    this.#queue = queue;
    this.script = script;
    this.#save = save;
  }

  get items(): object {
    return reviewItems(this.#queue);
  }

  imageOf(id: string): string | undefined {
    return this.#queue.items.find((item) => item.id === id)?.image;
  }

  /** @returns false if there is no such item */
  async decide(id: string, decision: AltDecision | undefined): Promise<boolean> {
    if (!this.#queue.items.some((item) => item.id === id)) return false;
    this.#queue = withDecision(this.#queue, id, decision);
    // One after another; the last one has all decisions.
    this.#saved = this.#saved.catch(() => undefined).then(() => this.#save(this.#queue));
    await this.#saved;
    return true;
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
  desk: ReviewDesk,
): Promise<void> {
  const { port } = request.socket.address() as AddressInfo;
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const { host = '', origin } = request.headers;
  const isOurs = hosts.includes(host) && (origin === undefined || origin === `http://${host}`);
  const [, given = '', ...path] = (request.url ?? '').split('/');
  if (!isOurs || !isSame(given, token)) {
    end(response, 403, 'Forbidden');
    return;
  }
  const name = path.join('/');
  if (request.method === 'POST' && name === 'decision') return takeDecision(request, response, desk);
  if (request.method !== 'GET') {
    end(response, 405, 'Method not allowed');
    return;
  }
  if (name === '') {
    end(response, 200, PAGE, 'text/html; charset=utf-8');
    return;
  }
  if (name === 'script.js') {
    end(response, 200, desk.script, 'text/javascript; charset=utf-8');
    return;
  }
  if (name === 'items') {
    end(response, 200, JSON.stringify(desk.items), 'application/json');
    return;
  }
  const image = /^image\/([\w-]+)$/.exec(name)?.[1];
  const file = image === undefined ? undefined : desk.imageOf(image);
  const bytes = file === undefined ? undefined : await readFile(file).catch(() => undefined);
  if (bytes === undefined) {
    end(response, 404, 'Not found');
    return;
  }
  // The browser looks at the bytes; an SVG is drawn, but its scripts do not run in an <img>.
  end(response, 200, bytes, /\.svg$/i.test(file!) ? 'image/svg+xml' : 'image/*');
}

async function takeDecision(request: IncomingMessage, response: ServerResponse, desk: ReviewDesk): Promise<void> {
  // A form of another page cannot send this type.
  if (request.headers['content-type'] !== 'application/json') {
    end(response, 415, 'Send JSON');
    return;
  }
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length <= MAX_MESSAGE_BYTES) pieces.push(piece);
  }
  if (length > MAX_MESSAGE_BYTES) {
    end(response, 413, 'Too large');
    return;
  }
  const { id, decision } = parsed(Buffer.concat(pieces).toString());
  if (typeof id !== 'string' || !(decision === undefined || isAltDecision(decision))) {
    end(response, 400, 'Not a decision');
    return;
  }
  if (await desk.decide(id, decision)) end(response, 204, '');
  else end(response, 404, 'Not found');
}

function parsed(text: string): { readonly id?: unknown; readonly decision?: unknown } {
  try {
    return (JSON.parse(text) as object | null) ?? {};
  } catch {
    return {};
  }
}

function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function end(response: ServerResponse, status: number, body: string | Uint8Array, type = 'text/plain'): void {
  response.writeHead(status, { ...HEADERS, ...(status === 204 ? {} : { 'content-type': type }) });
  response.end(body);
}
