import { randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
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
  const app = reviewApp(token, desk);
  const listener = getRequestListener((request, env) => app.fetch(request, env), { overrideGlobalObjects: false });
  const server = createServer((request, response) => void listener(request, response));
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

interface Env {
  readonly Bindings: HttpBindings;
}

function reviewApp(token: string, desk: ReviewDesk): Hono<Env> {
  const app = new Hono<Env>();
  app.use(async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(HEADERS)) context.res.headers.set(name, value);
  });
  app.use(async (context, next) => {
    const [, given = ''] = context.req.path.split('/');
    if (!isOurs(context) || !isSame(given, token)) return context.text('Forbidden', 403);
    return next();
  });
  const page = app.basePath('/:token');
  app.get('/:token/', (context) => context.html(PAGE));
  page.get('/script.js', (context) => context.body(desk.script, 200, { 'content-type': SCRIPT_TYPE }));
  page.get('/items', (context) => context.json(desk.items));
  page.get('/image/:id', async (context) => {
    const file = desk.imageOf(context.req.param('id'));
    const bytes = file === undefined ? undefined : await readFile(file).catch(() => undefined);
    if (bytes === undefined) return context.notFound();
    // The browser looks at the bytes; an SVG is drawn, but its scripts do not run in an <img>.
    return context.body(bytes, 200, { 'content-type': /\.svg$/i.test(file!) ? 'image/svg+xml' : 'image/*' });
  });
  page.post('/decision', onlyJson, async (context) => {
    const message = await readMessage(context.req.raw);
    if (message === undefined) return context.text('Too large', 413);
    const { id, decision } = parsed(message);
    if (typeof id !== 'string' || !(decision === undefined || isAltDecision(decision))) {
      return context.text('Not a decision', 400);
    }
    return (await desk.decide(id, decision)) ? context.body(null, 204) : context.notFound();
  });
  app.notFound((context) =>
    context.req.method === 'GET' || context.req.path.endsWith('/decision')
      ? context.text('Not found', 404)
      : context.text('Method not allowed', 405),
  );
  return app;
}

const SCRIPT_TYPE = 'text/javascript; charset=utf-8';

/** Whether a request is for this server, and from its own page. */
function isOurs({ env, req }: Context<Env>): boolean {
  const { port } = env.incoming.socket.address() as AddressInfo;
  const [host, origin] = [req.header('host') ?? '', req.header('origin')];
  return [`127.0.0.1:${port}`, `localhost:${port}`].includes(host) && [undefined, `http://${host}`].includes(origin);
}

/** A form of another page cannot send this type. */
async function onlyJson(context: Context, next: () => Promise<void>): Promise<Response | undefined> {
  if (context.req.header('content-type') !== 'application/json') return context.text('Send JSON', 415);
  await next();
  return undefined;
}

/** The whole body, so that the client can send it and read the answer; undefined if it is too large. */
async function readMessage(request: Request): Promise<string | undefined> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const reader = request.body?.getReader();
  for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
    length += part.value.length;
    if (length <= MAX_MESSAGE_BYTES) pieces.push(part.value);
  }
  return length > MAX_MESSAGE_BYTES ? undefined : Buffer.concat(pieces).toString();
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
