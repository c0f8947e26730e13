import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { ModelFiles } from '../../src/core/index.js';
import { failure, serve } from '../adapters/node/support.js';
import { commitOf, gitSha1, sha256, type HubModel, type Seen, type TestHub } from './hub-server.js';
import { freshFolder, openFiles, startHub } from './support.js';

const noise = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (Math.imul(i + 7, 2654435761) >>> 16) & 255);
const SMALL = noise(300);
const LARGE = noise(600_000);
const MODEL: HubModel = { files: { 'config.json': SMALL, 'onnx/model.onnx': LARGE } };
const COMMIT = commitOf(MODEL, 'main')!;

const same = (found: Uint8Array, expected: Uint8Array): boolean => Buffer.compare(found, expected) === 0;
const blobs = (home: string): string => join(home, 'hub', 'models--owner--name', 'blobs');

/** Answers requests for the listing with these entries. */
function list(hub: TestHub, entries: unknown): void {
  hub.intercept = ({ path }, response) => {
    if (!path.includes('/tree/')) return false;
    return Boolean(response.setHeader('content-type', 'application/json').end(JSON.stringify(entries)));
  };
}

/** Reads what a model with this listing has under a name. */
async function readListed(hub: TestHub, entry: object, name: string): Promise<Uint8Array> {
  list(hub, [{ type: 'file', path: name, size: SMALL.length, ...entry }]);
  return (await openFiles('owner/name')).read(name);
}

vi.mock('node:os', async (original) => {
  const os = await original<typeof import('node:os')>();
  return { ...os, homedir: () => (noHome ? raise('uv_os_homedir returned ENOENT') : os.homedir()) };
});
let noHome = false;
function raise(message: string): never {
  throw Object.assign(new Error(message), { code: 'ERR_SYSTEM_ERROR' });
}
afterEach(() => {
  noHome = false;
});

describe('what a hub names becomes no path before it is checked', () => {
  test.each([
    ['a path', '../../../x/evil'],
    ['an absolute path', '/etc/hostname'],
    ['upper case', 'A'.repeat(40)],
    ['too short', 'a'.repeat(39)],
    ['nothing', undefined],
    ['a number', 40],
  ])('a hash that is %s', async (_, oid) => {
    const { hub, home } = await startHub({ 'owner/name': MODEL });
    for (const entry of [{ oid }, { oid: '1'.repeat(40), lfs: { oid, size: SMALL.length } }]) {
      const error = await failure(readListed(hub, entry, 'config.json'));
      expect(error).toMatchObject({ name: 'FetchError' });
      expect(error.message).toMatch(/owner\/name: http.*gave a listing without a hash of config.json/);
    }
    expect(await readdir(home)).toEqual([]);
  });

  test('a file of the user is not linked into the cache by its name', async () => {
    const { hub, home } = await startHub({ 'owner/name': MODEL });
    await mkdir(blobs(home), { recursive: true });
    await writeFile(join(home, 'secret'), SMALL);
    const error = await failure(readListed(hub, { oid: '../../../secret' }, 'config.json'));
    expect(error.name).toBe('FetchError');
    expect(await readdir(join(home, 'hub', 'models--owner--name'))).toEqual(['blobs']);
  });

  test.each([-1, 1.5, '300', 2 ** 60, null, undefined])('size %j is refused', async (size) => {
    const { hub } = await startHub({ 'owner/name': MODEL });
    const error = await failure(readListed(hub, { oid: gitSha1(SMALL), size }, 'config.json'));
    expect(error.message).toMatch(/gave a listing without the size of config.json/);
  });

  test.each(['../evil.json', '/evil.json', 'a//b', 'a\\b', 'C:x', 'a/./b', 'a\0b', ''])(
    'a file named %j is not there',
    async (name) => {
      const { hub, home } = await startHub({ 'owner/name': MODEL });
      const error = await failure(readListed(hub, { oid: gitSha1(SMALL) }, name));
      expect(error).toMatchObject({ name: 'ModelFileError' });
      expect(error.message).toContain('There is no');
      expect(await readdir(join(home, 'hub', 'models--owner--name'))).toEqual(['refs']);
    },
  );

  test.each([
    ['a list of nothing', [null]],
    ['no list', { files: [] }],
    ['a text', 'x'],
  ])('a listing that is %s', async (_, listing) => {
    const { hub } = await startHub({ 'owner/name': MODEL });
    list(hub, listing);
    expect(await failure(openFiles('owner/name'))).toMatchObject({ name: 'FetchError' });
  });

  test('a commit that is none', async () => {
    const { hub, home } = await startHub({ 'owner/name': MODEL });
    hub.intercept = ({ path }, response) =>
      path.includes('/revision/') && Boolean(response.end(JSON.stringify({ sha: '../../../x' })));
    expect((await failure(openFiles('owner/name'))).message).toMatch(/gave an answer without the commit/);
    expect(await readdir(home)).toEqual([]);
  });
});

describe('the token stays with the hub', () => {
  /** Another host, and the tokens that it has seen. */
  async function otherHost(): Promise<{ url: string; tokens: (string | undefined)[] }> {
    const tokens: (string | undefined)[] = [];
    const { url } = await serve((request, response) => {
      tokens.push(request.headers.authorization);
      response.setHeader('x-cache', 'Miss from cloudfront').end(request.url?.includes('tree') ? '[]' : SMALL);
    });
    return { url: url.replace(/\/$/, ''), tokens };
  }

  test.each(['/tree/', '/revision/', '/resolve/'])('at a redirect of %s to another host', async (part) => {
    const { hub } = await startHub({ 'owner/name': MODEL });
    vi.stubEnv('HF_TOKEN', 'hf_secret');
    const other = await otherHost();
    hub.intercept = ({ path }, response) =>
      path.includes(part) && Boolean(response.writeHead(307, { location: `${other.url}${path}` }).end());
    // Also a fetch that would keep the header.
    const keepsHeaders: typeof fetch = async (input, init) => {
      const response = await fetch(input, { ...init, redirect: 'manual' });
      const location = response.headers.get('location');
      return location === null || init?.redirect === 'manual' ? response : keepsHeaders(location, init);
    };
    await openFiles('owner/name', { fetch: keepsHeaders }, { hubRetryWaitsMs: [] })
      .then((files) => files.read('config.json'))
      .catch(() => undefined);
    expect(other.tokens).toEqual([undefined]);
    expect(hub.seen[0]?.authorization).toBe('Bearer hf_secret');
  });

  test('at a next page that is elsewhere: it is not asked at all', async () => {
    const { hub } = await startHub({ 'owner/name': MODEL });
    vi.stubEnv('HF_TOKEN', 'hf_secret');
    const other = await otherHost();
    hub.intercept = ({ path }, response) =>
      path.includes('/tree/') &&
      Boolean(response.setHeader('link', `<${other.url}/tree/2>; rel="next"`).setHeader('x', '').end('[]'));
    const error = await failure(openFiles('owner/name'));
    expect(error).toMatchObject({ name: 'FetchError' });
    expect(error.message).toMatch(/gave a listing whose next page is elsewhere/);
    expect(other.tokens).toEqual([]);
  });

  test('a redirect within the hub keeps it, and one to what is not http is refused', async () => {
    const { hub } = await startHub({ 'owner/name': { ...MODEL, closed: { as: 'private', token: 'hf_right' } } });
    vi.stubEnv('HF_TOKEN', 'hf_right');
    const redirect = (location: string, from: string) => {
      hub.intercept = ({ path }: Seen, response: ServerResponse) =>
        path === from && Boolean(response.writeHead(302, { location }).end());
    };
    redirect('/api/models/owner/name/revision/main', '/api/models/owner/name/revision/moved');
    const files = await openFiles('owner/name', { revision: 'moved' });
    expect(same(await files.read('config.json'), SMALL)).toBe(true);
    for (const location of ['file:///etc/hostname', 'http://user:pass@127.0.0.1/', 'http://[']) {
      redirect(location, '/api/models/owner/name/revision/main');
      expect((await failure(openFiles('owner/name'))).message).toMatch(/redirects to an address that is not fetched/);
    }
    redirect('/api/models/owner/name/revision/main', '/api/models/owner/name/revision/main');
    expect((await failure(openFiles('owner/name'))).message).toMatch(/redirects more than 20 times/);
  });
});

describe('a hub that goes on for ever', () => {
  test('pages without end', async () => {
    const { hub } = await startHub({ 'owner/name': MODEL });
    let pages = 0;
    hub.intercept = ({ path }, response) => {
      if (!path.includes('/tree/')) return false;
      pages += 1;
      return Boolean(response.setHeader('link', `<${hub.url}${path}?cursor=${pages}>; rel="next"`).end('[]'));
    };
    expect((await failure(openFiles('owner/name'))).message).toMatch(
      /gave a listing of more than 100000 files or 200 pages/,
    );
    expect(pages).toBeLessThan(210);
  });

  test('files without end', async () => {
    const { hub } = await startHub({ 'owner/name': MODEL });
    const page = JSON.stringify(
      Array.from({ length: 40_000 }, (_, i) => ({ type: 'file', path: `${i}`, oid: 'a'.repeat(40), size: 1 })),
    );
    hub.intercept = ({ path }, response) =>
      path.includes('/tree/') && Boolean(response.setHeader('link', `<${hub.url}${path}>; rel="next"`).end(page));
    expect((await failure(openFiles('owner/name'))).message).toMatch(/more than 100000 files/);
  });

  test('an answer without end', async () => {
    const { hub } = await startHub({ 'owner/name': MODEL });
    hub.intercept = ({ path }, response) => {
      if (!path.includes('/tree/')) return false;
      response.write('[');
      const piece = Buffer.alloc(2 ** 20, ' ');
      const more = (): unknown => !response.destroyed && response.write(piece, () => setImmediate(more));
      more();
      return true;
    };
    expect((await failure(openFiles('owner/name'))).message).toMatch(/gave an answer of more than 16777216 bytes/);
  });

  test('one byte and a cut, again and again', async () => {
    const { hub } = await startHub({ 'owner/name': MODEL });
    let requests = 0;
    hub.intercept = ({ host }, response) => {
      if (host !== 'storage') return false;
      requests += 1;
      response.writeHead(206, { 'content-length': 1000 });
      response.write(LARGE.subarray(requests - 1, requests), () => setTimeout(() => response.destroy(), 5));
      return true;
    };
    expect(await failure((await openFiles('owner/name')).read('onnx/model.onnx'))).toMatchObject({
      name: 'FetchError',
    });
    expect(requests).toBe(3);
  });

  test('a byte now and then', async () => {
    const { hub } = await startHub({ 'owner/name': MODEL });
    hub.intercept = ({ host }, response) => {
      if (host !== 'storage') return false;
      response.writeHead(200, { 'content-length': LARGE.length });
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
      return true;
    };
    const files = await openFiles('owner/name', {}, { modelTimeoutMs: 500, hubRetryWaitsMs: [] });
    expect((await failure(files.read('onnx/model.onnx'))).message).toMatch(/silent or too slow within 500 ms/);
  });

  test('a connection that breaks after each half megabyte still brings the file', async () => {
    const long = noise(1_500_000);
    const { hub } = await startHub({ 'owner/name': { files: { 'onnx/model.onnx': long } } });
    let requests = 0;
    hub.intercept = ({ host, range }, response) => {
      if (host !== 'storage') return false;
      requests += 1;
      const from = Number(/\d+/.exec(range ?? '')?.[0] ?? 0);
      response.writeHead(range === undefined ? 200 : 206, { 'content-length': long.length - from });
      response.write(long.subarray(from, from + 300_000), () => setTimeout(() => response.destroy(), 20));
      return true;
    };
    expect(same(await (await openFiles('owner/name')).read('onnx/model.onnx'), long)).toBe(true);
    expect(requests).toBeGreaterThan(3); // more than the retries of one place
  });
});

describe('a server that is busy', () => {
  /** The first answers are refusals. */
  function refuse(hub: TestHub, status: number, retryAfter: string, times = 1): void {
    let refusals = 0;
    hub.intercept = (_, response) =>
      refusals++ < times && Boolean(response.writeHead(status, { 'retry-after': retryAfter }).end());
  }

  test('is asked again when it says', async () => {
    const { hub } = await startHub({ 'owner/name': MODEL });
    refuse(hub, 429, '1');
    const start = performance.now();
    expect(await (await openFiles('owner/name')).has('config.json')).toBe(true);
    expect(performance.now() - start).toBeGreaterThan(990); // else it would be 10 ms
  });

  test.each(['3600', new Date(Date.now() + 3_600_000).toUTCString()])(
    'is not waited for an hour (%s)',
    async (after) => {
      const { hub } = await startHub({ 'owner/name': MODEL });
      refuse(hub, 429, after, Infinity);
      const error = await failure(openFiles('owner/name'));
      expect(error).toMatchObject({ name: 'FetchError', status: 429 });
      expect(error.message).toMatch(/too many requests\. Try again after 3[56]\d\d s/);
      expect(hub.seen).toHaveLength(1);
    },
  );

  test('403 is about the token', async () => {
    const { hub } = await startHub({ 'owner/name': MODEL });
    refuse(hub, 403, '', Infinity);
    expect((await failure(openFiles('owner/name'))).message).toMatch(
      /the token in .*HF_TOKEN \(or the option hub\.token\) may not read this model/,
    );
  });

  test('hears who asks', async () => {
    const agents: (string | undefined)[] = [];
    const { url } = await serve((request, response) => {
      agents.push(request.headers['user-agent']);
      response.writeHead(404).end();
    });
    await startHub({});
    vi.stubEnv('HF_ENDPOINT', url);
    await failure(openFiles('owner/name'));
    expect(agents).toEqual([expect.stringMatching(/^captioneer \(Node\.js v/)]);
  });

  test('a proxy that is not used is named', async () => {
    await startHub({});
    vi.stubEnv('HF_ENDPOINT', 'http://127.0.0.1:1');
    vi.stubEnv('HTTPS_PROXY', 'http://proxy:3128');
    expect((await failure(openFiles('owner/name'))).message).toMatch(/HTTPS_PROXY is set, but Node does not use it/);
    vi.stubEnv('NODE_USE_ENV_PROXY', '1');
    expect((await failure(openFiles('owner/name'))).message).not.toContain('HTTPS_PROXY');
  });
});

describe('a cache whose content was changed', () => {
  const NAMES = ['config.json', 'onnx/model.onnx'];
  const read = async (files: ModelFiles): Promise<Uint8Array[]> => Promise.all(NAMES.map((name) => files.read(name)));

  /** A cache in which each file has kept its length, but not its content. */
  async function damagedCache(): Promise<{ hub: TestHub; home: string }> {
    const { hub, home } = await startHub({ 'owner/name': MODEL });
    await read(await openFiles('owner/name'));
    for (const [blob, content] of [
      [gitSha1(SMALL), SMALL],
      [sha256(LARGE), LARGE],
    ] as const) {
      await writeFile(join(blobs(home), blob), content.slice().reverse());
    }
    return { hub, home };
  }

  test('is fetched anew', async () => {
    const { hub, home } = await damagedCache();
    hub.seen.length = 0;
    const [small, large] = await read(await openFiles('owner/name'));
    expect(same(small!, SMALL) && same(large!, LARGE)).toBe(true);
    expect(hub.filesAsked('storage')).toHaveLength(1);
    expect(same(await readFile(join(blobs(home), sha256(LARGE))), LARGE)).toBe(true);
    expect((await readdir(blobs(home))).sort()).toEqual([gitSha1(SMALL), sha256(LARGE)].sort());
  });

  test('without the network it is an error that names the file', async () => {
    const { home } = await damagedCache();
    vi.stubEnv('HF_HUB_OFFLINE', '1');
    const files = await openFiles('owner/name');
    const path = join(home, 'hub', 'models--owner--name', 'snapshots', COMMIT, 'onnx', 'model.onnx');
    for (const attempt of [() => files.read('onnx/model.onnx'), () => files.locate!('onnx/model.onnx')]) {
      const error = await failure(attempt());
      expect(error).toMatchObject({ name: 'ModelFileError', file: 'onnx/model.onnx' });
      expect(error.message).toContain(`${path} is damaged`);
      expect(error.message).toContain('load the model once with the network');
    }
  });
});

describe('without a home folder', () => {
  test('HF_HOME is enough', async () => {
    await startHub({ 'owner/name': MODEL });
    noHome = true;
    expect(same(await (await openFiles('owner/name')).read('config.json'), SMALL)).toBe(true);
  });

  test('without it the variable is named, unless the cache is', async () => {
    await startHub({ 'owner/name': MODEL });
    vi.stubEnv('HF_HOME', undefined);
    noHome = true;
    const error = await failure(openFiles('owner/name'));
    expect(error).toMatchObject({ name: 'InvalidArgumentError', argument: 'HF_HOME' });
    vi.stubEnv('HF_HUB_CACHE', await freshFolder());
    const files = await openFiles('owner/name');
    expect((await stat(await files.locate!('config.json'))).size).toBe(SMALL.length);
  });
});
