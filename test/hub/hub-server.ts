import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A model on the test hub. */
export interface HubModel {
  /** Contents by path. Those of at least 1 KiB lie on the second host, as large files do on a real hub. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** Branches and tags by name; default `main`, which stands for the commit of the files. */
  readonly revisions?: Readonly<Record<string, string>>;
  /** Who may not read it without this token: everybody (`private`), or those who have not accepted its terms (`gated`). */
  readonly closed?: { readonly as: 'private' | 'gated'; readonly token: string };
}

/** One request that a host answered. */
export interface Seen {
  readonly host: 'hub' | 'storage';
  readonly method: string;
  readonly path: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
}

/** Answers in place of the hub, or lets it answer by `false`. */
export type Intercept = (seen: Seen, response: ServerResponse) => boolean;

const LARGE = 1024;
const PAGE = 4;

/**
 * The routes of a Hugging Face hub that loading a model needs, on this machine: what a revision stands for, the list of
 * files (in pages), and the files, the large ones by a redirect to a second host that takes no token.
 */
export class TestHub {
  readonly seen: Seen[] = [];
  /** Answers in place of the hub while it is set. */
  intercept: Intercept | undefined;
  readonly #models: Readonly<Record<string, HubModel>>;
  readonly #hub: Server;
  readonly #storage: Server;

  private constructor(models: Readonly<Record<string, HubModel>>) {
    this.#models = models;
    this.#hub = createServer((request, response) => this.#answer('hub', request, response));
    this.#storage = createServer((request, response) => this.#answer('storage', request, response));
  }

  static async start(models: Readonly<Record<string, HubModel>>): Promise<TestHub> {
    const hub = new TestHub(models);
    await Promise.all(
      [hub.#hub, hub.#storage].map((server) => new Promise<void>((up) => server.listen(0, '127.0.0.1', up))),
    );
    return hub;
  }

  /** How the storage names a content. */
  static hash(content: Uint8Array): string {
    return sha256(content);
  }

  get url(): string {
    return address(this.#hub);
  }

  /** Paths that one host was asked for, the API's left out. */
  filesAsked(host: Seen['host']): string[] {
    return this.seen.filter((seen) => seen.host === host && !seen.path.startsWith('/api/')).map(({ path }) => path);
  }

  async stop(): Promise<void> {
    for (const server of [this.#hub, this.#storage]) {
      server.closeAllConnections();
      await new Promise((down) => server.close(down));
    }
  }

  #answer(host: Seen['host'], request: IncomingMessage, response: ServerResponse): void {
    const { method = '', url = '', headers } = request;
    allowPages(response);
    if (method === 'OPTIONS') return void response.writeHead(204).end();
    const path = decodeURIComponent(new URL(url, 'http://x').pathname);
    const seen: Seen = { host, method, path, range: headers.range, authorization: headers.authorization };
    this.seen.push(seen);
    if (this.intercept?.(seen, response)) return;
    if (host === 'storage') this.#sendStored(seen, response);
    else this.#sendHub(seen, new URL(url, 'http://x').searchParams, response);
  }

  #sendHub(seen: Seen, query: URLSearchParams, response: ServerResponse): unknown {
    const api = /^\/api\/models\/([^/]+\/[^/]+)\/(revision|tree)\/(.+)$/.exec(seen.path);
    const file = /^\/([^/]+\/[^/]+)\/resolve\/([0-9a-f]{40}|main)\/(.+)$/.exec(seen.path);
    const id = api?.[1] ?? file?.[1] ?? '';
    const model = this.#models[id];
    const token = seen.authorization?.replace('Bearer ', '');
    if (!model || (model.closed?.as === 'private' && token !== model.closed.token)) {
      // Without a token a hub does not say whether there is no such model or a private one.
      return refuse(response, token === undefined ? 401 : 404, 'RepoNotFound');
    }
    const commit = commitOf(model, api?.[3] ?? file?.[2] ?? '');
    if (commit === undefined) return refuse(response, 404, 'RevisionNotFound');
    if (api?.[2] === 'revision') return sendJson(response, { _id: id, id, sha: commit, lastModified: new Date(0) });
    if (api) return this.#sendTree(model, `${this.url}${seen.path}`, Number(query.get('cursor') ?? 0), response);
    if (model.closed?.as === 'gated' && token !== model.closed.token) {
      return refuse(response, token === undefined ? 401 : 403, 'GatedRepo');
    }
    const content = model.files[file?.[3] ?? ''];
    if (!content) return refuse(response, 404, 'EntryNotFound');
    if (content.byteLength < LARGE) return sendContent(response, content, seen.range, gitSha1(content));
    const location = `${address(this.#storage)}/${sha256(content)}?signature=of-the-hub`;
    return response
      .writeHead(302, { location, 'x-linked-size': content.byteLength, 'x-linked-etag': `"${sha256(content)}"` })
      .end();
  }

  #sendTree(model: HubModel, url: string, from: number, response: ServerResponse): ServerResponse {
    const folders = new Set(
      Object.keys(model.files).flatMap((path) => (path.includes('/') ? [path.split('/')[0]!] : [])),
    );
    const entries = [
      ...[...folders].map((path) => ({ type: 'directory', path, oid: '0'.repeat(40), size: 0 })),
      ...Object.entries(model.files).map(([path, content]) => treeEntry(path, content)),
    ];
    const next = from + PAGE < entries.length && { link: `<${url}?recursive=true&cursor=${from + PAGE}>; rel="next"` };
    return sendJson(response, entries.slice(from, from + PAGE), next || {});
  }

  #sendStored({ path, range }: Seen, response: ServerResponse): void {
    const contents = Object.values(this.#models).flatMap(({ files }) => Object.values(files));
    const content = contents.find((candidate) => sha256(candidate) === path.slice(1));
    if (content) sendContent(response, content, range, sha256(content));
    else response.writeHead(404).end();
  }
}

/** What a hub says so that pages of other origins may ask it (CORS), before a request and with every answer. */
function allowPages(response: ServerResponse): void {
  response.setHeader('access-control-allow-origin', '*');
  response.setHeader('access-control-allow-headers', 'Authorization, Range');
  response.setHeader(
    'access-control-expose-headers',
    'X-Error-Code, ETag, Link, Accept-Ranges, Content-Range, X-Linked-Size, X-Linked-ETag',
  );
}

/** The commit that the test hub gives a model: a hash of its files. */
export function commitOf({ files, revisions }: HubModel, revision: string): string | undefined {
  const commit = gitSha1(Buffer.concat(Object.values(files)));
  const known: Readonly<Record<string, string>> = { main: commit, [commit]: commit, ...revisions };
  return known[revision];
}

/** Sends a file or the part of it that is asked for, as HTTP has it (RFC 9110, section 14). */
function sendContent(
  response: ServerResponse,
  content: Uint8Array,
  range: string | undefined,
  etag: string,
): ServerResponse {
  const [from, to] = partOf(range, content.byteLength);
  const headers = { etag: `"${etag}"`, 'accept-ranges': 'bytes', 'content-length': to - from };
  if (range === undefined) response.writeHead(200, headers);
  else response.writeHead(206, { ...headers, 'content-range': `bytes ${from}-${to - 1}/${content.byteLength}` });
  return response.end(content.subarray(from, to));
}

/** First byte, and the one behind the last, that a request asks for. */
export function partOf(range: string | undefined, length: number): [number, number] {
  const [, first = '0', last = ''] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
  return [Number(first), last === '' ? length : Math.min(Number(last) + 1, length)];
}

export function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

export function gitSha1(content: Uint8Array): string {
  return createHash('sha1').update(`blob ${content.byteLength}\0`).update(content).digest('hex');
}

function treeEntry(path: string, content: Uint8Array): object {
  const size = content.byteLength;
  if (size < LARGE) return { type: 'file', path, oid: gitSha1(content), size };
  const pointer = { oid: '1'.repeat(40), lfs: { oid: sha256(content), size, pointerSize: 130 } };
  return { type: 'file', path, size, ...pointer };
}

function refuse(response: ServerResponse, status: number, errorCode: string): ServerResponse {
  return response.writeHead(status, { 'x-error-code': errorCode }).end(errorCode);
}

function sendJson(response: ServerResponse, value: unknown, headers: Record<string, string> = {}): ServerResponse {
  return response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
}

function address(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
