import { caches, Response as CachedResponse } from 'undici';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { HubCacheStorage } from '../../../src/adapters/web/models/hub/hub-cache-storage.js';
import type { ModelFiles } from '../../../src/core/index.js';
import { openHubModel } from '../../../src/hub/index.js';
import { commitOf, partOf, sha256, TestHub, type HubModel } from '../../hub/hub-server.js';
import { failure } from '../node/support.js';
import { Locks } from './locks.js';

/** More than two parts of a download. */
const LARGE = Buffer.alloc(2 ** 24 + 2 ** 22, 'a sentence about a photograph; ');
const SMALL = Buffer.from('{}');
const MODEL: HubModel = { files: { 'config.json': SMALL, 'onnx/a model.onnx': LARGE } };
const COMMIT = commitOf(MODEL, 'main')!;
const LARGE_FILE = 'onnx/a model.onnx';

/** Their types differ from those of browsers in what `Request` may be made of. */
const storage = caches as unknown as CacheStorage;
const locks = new Locks();
const hubs: TestHub[] = [];

async function startHub(): Promise<TestHub> {
  const hub = await TestHub.start({ 'owner/name': MODEL });
  hubs.push(hub);
  return hub;
}

/** A tab of a browser opens the model. */
function open(hubUrl: string, signal?: AbortSignal): Promise<ModelFiles> {
  vi.stubGlobal('Response', CachedResponse);
  return openHubModel({
    id: 'owner/name',
    revision: 'main',
    settings: {
      hubUrl,
      isOffline: false,
      names: { token: 'hubToken', offline: 'hub.offline is set', unreachable: 'Check the network.' },
      timeoutMs: 2000,
      retryWaitsMs: [],
    },
    store: new HubCacheStorage({ hubUrl, id: 'owner/name', caches: storage, locks }),
    signal,
  });
}

const kept = async (): Promise<string[]> =>
  (await (await storage.open('captioneer')).keys()).map(({ url }) => new URL(url).pathname + new URL(url).search);

/** Gives the first `cut` bytes of the large file, and then nothing more. */
function cutAt(hub: TestHub, cut: number): void {
  hub.intercept = ({ host, range }, response) => {
    const [from, to] = partOf(range, LARGE.length);
    if (host !== 'storage') return false;
    response.writeHead(range === undefined ? 200 : 206, { 'content-length': to - from });
    response.write(LARGE.subarray(from, cut), () => setTimeout(() => response.destroy(), 50));
    return true;
  };
}

afterEach(async () => {
  vi.unstubAllGlobals();
  await caches.delete('captioneer');
  await Promise.all(hubs.splice(0).map((hub) => hub.stop()));
});

describe('a model on the hub, in a browser', () => {
  test('is kept under its address, and not asked for again', async () => {
    const hub = await startHub();
    const files = await open(hub.url);
    expect(sha256(await files.read(LARGE_FILE))).toBe(sha256(LARGE));
    expect(Buffer.from(await files.read('config.json')).toString()).toBe('{}');
    expect(files.locate).toBeUndefined();
    expect(await kept()).toEqual([
      '/api/models/owner/name/revision/main',
      `/owner/name/resolve/${COMMIT}/onnx/a%20model.onnx`,
      `/owner/name/resolve/${COMMIT}/config.json`,
    ]);
    hub.seen.length = 0;
    await (await open(hub.url)).read(LARGE_FILE);
    expect(hub.seen.every(({ host, path }) => host === 'hub' && path.startsWith('/api/'))).toBe(true);
  });

  test('loads without the network, once it has been loaded', async () => {
    const hub = await startHub();
    const { url } = hub;
    await (await open(url)).read(LARGE_FILE);
    await hub.stop();
    hubs.length = 0;
    const files = await open(url);
    expect(sha256(await files.read(LARGE_FILE))).toBe(sha256(LARGE));
    expect(await files.has('config.json')).toBe(false);
    expect((await failure(files.read('config.json'))).message).toMatch(/request failed/);
  });

  test.each([1, 1000, 2 ** 23, 2 ** 24 + 5])('cut at byte %i: the next attempt begins there', async (cut) => {
    const hub = await startHub();
    cutAt(hub, cut);
    expect(await failure((await open(hub.url)).read(LARGE_FILE))).toMatchObject({ name: 'FetchError' });
    expect((await kept()).every((path) => path.includes('?captioneer-part=') || path.includes('/api/'))).toBe(true);

    hub.intercept = undefined;
    hub.seen.length = 0;
    const files = await open(hub.url);
    expect(sha256(await files.read(LARGE_FILE))).toBe(sha256(LARGE));
    expect(hub.seen.at(-1)?.range).toBe(`bytes=${cut}-${LARGE.length - 1}`);
    expect((await kept()).filter((path) => path.includes('part='))).toEqual([]);
  });

  test('altered or too long, nothing of it stays', async () => {
    const hub = await startHub();
    const wrong = Buffer.from(LARGE).fill('x', 1000, 1001);
    hub.intercept = ({ host, range }, response) =>
      host === 'storage' && range === undefined && Boolean(response.writeHead(200).end(wrong));
    const files = await open(hub.url);
    expect((await failure(files.read(LARGE_FILE))).message).toMatch(
      /checksum mismatch after the download: expected sha256/,
    );
    hub.intercept = ({ host, range }, response) =>
      host === 'storage' && range === undefined && Boolean(response.end(Buffer.concat([LARGE, SMALL])));
    expect((await failure(files.read(LARGE_FILE))).message).toMatch(/too long: expected 20971520 bytes/);
    expect(await kept()).toEqual(['/api/models/owner/name/revision/main']);
  });

  test('a small file is checked by the hash that git gives it', async () => {
    const hub = await startHub();
    hub.intercept = ({ path, range }, response) =>
      path.endsWith('config.json') && range === undefined && Boolean(response.end('[]'));
    const error = await failure((await open(hub.url)).read('config.json'));
    expect(error).toMatchObject({ name: 'ModelFileError', file: 'config.json' });
    expect(error.message).toMatch(/expected git-sha1/);
  });

  test('what was changed in the cache is fetched anew, or, without the network, an error', async () => {
    const hub = await startHub();
    const { url } = hub;
    expect(Buffer.from(await (await open(url)).read('config.json')).toString()).toBe('{}');
    const cache = await storage.open('captioneer');
    const address = `${url}/owner/name/resolve/${COMMIT}/config.json`;
    const headers = (await cache.match(address))!.headers;
    await cache.put(address, new CachedResponse('[]', { headers: [...headers] }) as unknown as Response);
    expect(Buffer.from(await (await open(url)).read('config.json')).toString()).toBe('{}');
    await cache.put(address, new CachedResponse('[]', { headers: [...headers] }) as unknown as Response);
    await hub.stop();
    hubs.length = 0;
    const error = await failure((await open(url)).read('config.json'));
    expect(error).toMatchObject({ name: 'ModelFileError', file: 'config.json' });
    expect(error.message).toMatch(/config.json in the browser's cache "captioneer" is damaged/);
  });

  test('two tabs fetch a file once; one that stops waiting says why', async () => {
    const hub = await startHub();
    const reason = { why: 'enough' };
    const [one, other] = [await open(hub.url), await open(hub.url)];
    const reading = [one.read(LARGE_FILE), other.read(LARGE_FILE)];
    const stopped = failure(one.read(LARGE_FILE, AbortSignal.timeout(1)));
    expect(await failure(other.read(LARGE_FILE, AbortSignal.abort(reason)))).toBe(reason);
    expect((await Promise.all(reading)).map(sha256)).toEqual([sha256(LARGE), sha256(LARGE)]);
    expect(await stopped).toMatchObject({ name: 'TimeoutError' });
    expect(hub.filesAsked('storage')).toHaveLength(1);
  });

  test('a browser without room is told apart from a hub that fails', async () => {
    const hub = await startHub();
    const files = await open(hub.url);
    const cache = await storage.open('captioneer');
    vi.spyOn(Object.getPrototypeOf(cache) as Cache, 'put').mockRejectedValue(
      new DOMException('', 'QuotaExceededError'),
    );
    const error = await failure(files.read('config.json'));
    vi.restoreAllMocks();
    expect(error).toMatchObject({ name: 'ModelFileError', cause: { name: 'QuotaExceededError' } });
    expect(error.message).toMatch(/did not keep 2 bytes.*Free some/);
  });
});
