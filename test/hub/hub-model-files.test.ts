import { lstat, mkdir, readFile, readdir, readlink, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { linkFile } from '../../src/adapters/node/models/hub/link-file.js';
import type { LoadProgress, ModelFiles } from '../../src/core/index.js';
import { deadUrl, failure } from '../adapters/node/support.js';
import { commitOf, gitSha1, partOf, sha256, type HubModel } from './hub-server.js';
import { freshFolder, openFiles, startHub } from './support.js';

const bytes = (length: number, seed: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (Math.imul(i + seed, 2654435761) >>> 16) & 255);
const SMALL = bytes(300, 1);
const LARGE = bytes(200_000, 2);
/** A connection that breaks takes with it what has not been read: it lasts so many milliseconds longer. */
const UNREAD = 150;
const FILES = {
  'README.md': bytes(10, 3),
  'config.json': SMALL,
  'onnx/model.onnx': LARGE,
  'onnx/other.onnx': bytes(5000, 4),
  'tokenizer.json': bytes(2000, 5),
};
const MODEL: HubModel = { files: FILES };
const COMMIT = commitOf(MODEL, 'main')!;
const BLOB = sha256(LARGE);

const cacheOf = (home: string): string => join(home, 'hub', 'models--owner--name');
const same = (found: Uint8Array, expected: Uint8Array): boolean => Buffer.compare(found, expected) === 0;

/** Reads a file; its content would fill the screen where a test fails. */
async function sizeOf(files: ModelFiles, name: string, signal?: AbortSignal): Promise<number> {
  return (await files.read(name, signal)).byteLength;
}

async function partials(home: string): Promise<string[]> {
  const names = await readdir(join(cacheOf(home), 'blobs')).catch(() => []);
  return names.filter((name) => name.includes('partial'));
}

describe('a model on the hub', () => {
  test('is read file by file, through redirects to a second host, into the cache that its ecosystem knows', async () => {
    const { hub, home } = await startHub({ 'owner/name': MODEL });
    const files = await openFiles('owner/name');
    expect(same(await files.read('config.json'), SMALL)).toBe(true);
    expect(same(await files.read('onnx/model.onnx'), LARGE)).toBe(true);
    expect(await files.has('tokenizer.json')).toBe(true);
    expect(await files.has('onnx')).toBe(false);
    expect(hub.filesAsked('storage')).toEqual([`/${BLOB}`]);
    expect(hub.filesAsked('hub').every((path) => path.startsWith(`/owner/name/resolve/${COMMIT}/`))).toBe(true);

    const cache = cacheOf(home);
    expect(await readFile(join(cache, 'refs', 'main'), 'utf8')).toBe(COMMIT);
    expect((await readdir(join(cache, 'blobs'))).sort()).toEqual([BLOB, gitSha1(SMALL)].sort());
    const path = join(cache, 'snapshots', COMMIT, 'onnx', 'model.onnx');
    expect(await readlink(path)).toBe(join('..', '..', '..', 'blobs', BLOB));
    expect(await files.locate?.('onnx/model.onnx')).toBe(path);
    expect(await readdir(join(home, 'hub', '.locks', 'models--owner--name'))).toEqual([]);
  });

  test('is asked for once; what is kept is not asked for again', async () => {
    const { hub } = await startHub({ 'owner/name': MODEL });
    await (await openFiles('owner/name')).read('onnx/model.onnx');
    hub.seen.length = 0;
    await (await openFiles('owner/name')).read('onnx/model.onnx');
    expect(hub.seen.map(({ path }) => path)).toEqual([
      '/api/models/owner/name/revision/main',
      ...Array<string>(2).fill(`/api/models/owner/name/tree/${COMMIT}`), // two pages
    ]);
  });

  test('a commit is known for good, a branch or tag is looked up', async () => {
    const revisions = { 'refs/pr/1': COMMIT, v2: COMMIT };
    const { hub, home } = await startHub({ 'owner/name': { files: FILES, revisions } });
    for (const revision of [COMMIT, 'refs/pr/1', 'v2']) {
      expect(same(await (await openFiles('owner/name', { revision })).read('config.json'), SMALL)).toBe(true);
    }
    expect(hub.seen.filter(({ path }) => path.includes('/revision/'))).toHaveLength(2);
    expect(await readFile(join(cacheOf(home), 'refs', 'refs', 'pr', '1'), 'utf8')).toBe(COMMIT);
  });

  test('a file that it lacks is named, with those it has', async () => {
    await startHub({ 'owner/name': MODEL });
    const error = await failure(sizeOf(await openFiles('owner/name'), 'onnx/encoder_model.onnx'));
    expect(error).toMatchObject({ name: 'ModelFileError', file: 'onnx/encoder_model.onnx' });
    expect(error.message).toMatch(/no "onnx\/encoder_model.onnx" in owner\/name \(revision main\).*config\.json/);
  });

  test('progress tells of every file that comes, up to its whole', async () => {
    await startHub({ 'owner/name': MODEL });
    const told: LoadProgress[] = [];
    const files = await openFiles('owner/name', { progress: (progress) => told.push(progress) });
    await files.read('onnx/model.onnx');
    expect(new Set(told.map(({ file }) => file))).toEqual(new Set(['onnx/model.onnx']));
    expect(told.at(-1)).toEqual({ file: 'onnx/model.onnx', loadedBytes: LARGE.length, totalBytes: LARGE.length });
    const loaded = told.map(({ loadedBytes }) => loadedBytes);
    expect(loaded).toEqual([...loaded].sort((a, b) => a - b));
    told.length = 0;
    await files.read('onnx/model.onnx');
    expect(told).toEqual([]);
  });

  test('a folder of that name comes first; revisions are the hub’s alone', async () => {
    await startHub({});
    const error = await failure(openFiles('models/default', { revision: 'main' }));
    expect(error).toMatchObject({ name: 'InvalidArgumentError', argument: 'revision' });
    expect((await openFiles('models/default')).location).toMatch(/models.default$/);
  });

  test.each(['../x', 'a b', '', '/x', 'x/../../y', 'a//b'])('revision %j is refused', async (revision) => {
    await startHub({ 'owner/name': MODEL });
    expect(await failure(openFiles('owner/name', { revision }))).toMatchObject({ argument: 'revision' });
  });
});

describe('what a hub refuses', () => {
  const closed = (as: 'private' | 'gated'): HubModel => ({ files: FILES, closed: { as, token: 'hf_right' } });
  const read = async (): Promise<number> => sizeOf(await openFiles('owner/name'), 'onnx/model.onnx');

  test('a model that does not exist', async () => {
    await startHub({});
    const error = await failure(read());
    expect(error).toMatchObject({ name: 'FetchError', status: 401 });
    expect(error.message).toMatch(/owner\/name: there is no such model at http.*no such folder here.*HF_TOKEN/);
  });

  test('a revision that does not exist', async () => {
    await startHub({ 'owner/name': MODEL });
    const error = await failure(openFiles('owner/name', { revision: 'v9' }));
    expect(error).toMatchObject({ name: 'FetchError', status: 404 });
    expect(error.message).toContain('there is no revision "v9"');
  });

  test('a private model without a token, with a wrong one, and with the right one', async () => {
    const { hub } = await startHub({ 'owner/name': closed('private') });
    expect((await failure(read())).message).toMatch(
      /private one for which HF_TOKEN \(or the option hub\.token\) must be set/,
    );
    vi.stubEnv('HF_TOKEN', 'hf_wrong');
    expect((await failure(read())).message).toMatch(
      /private one that HF_TOKEN \(or the option hub\.token\) may not read/,
    );
    vi.stubEnv('HF_TOKEN', 'hf_right');
    expect(await read()).toBe(LARGE.length);
    expect(hub.seen.some(({ host }) => host === 'storage')).toBe(true);
    const told = hub.seen.filter(({ host, authorization }) => host === 'storage' && authorization !== undefined);
    expect(told, 'the token stays with the hub').toEqual([]);
  });

  test('a gated model', async () => {
    const { hub } = await startHub({ 'owner/name': closed('gated') });
    const error = await failure(read());
    expect(error).toMatchObject({ name: 'FetchError', status: 401 });
    expect(error.message).toContain(`gated. Accept its terms at ${hub.url}/owner/name and set HF_TOKEN`);
    vi.stubEnv('HF_TOKEN', 'hf_wrong');
    expect((await failure(read())).message).toContain('with the account of your token');
  });

  test('the token of the file that a login leaves', async () => {
    const { home } = await startHub({ 'owner/name': closed('private') });
    await writeFile(join(home, 'token'), 'hf_right\n');
    expect(await read()).toBe(LARGE.length);
  });

  test('settings that cannot be right', async () => {
    await startHub({ 'owner/name': MODEL });
    vi.stubEnv('HF_TOKEN', 'a secret');
    expect(await failure(read())).toMatchObject({ name: 'InvalidArgumentError', argument: 'HF_TOKEN' });
    vi.stubEnv('HF_TOKEN', '');
    vi.stubEnv('HF_ENDPOINT', 'huggingface.co');
    expect(await failure(read())).toMatchObject({ name: 'InvalidArgumentError', argument: 'HF_ENDPOINT' });
  });
});

describe('a download that goes wrong', () => {
  test('503 passes: it is asked again', async () => {
    const { hub } = await startHub({ 'owner/name': MODEL });
    let refusals = 0;
    hub.intercept = (_, response) => {
      if (refusals >= 2) return false;
      refusals += 1;
      response.writeHead(503).end();
      return true;
    };
    expect(same(await (await openFiles('owner/name')).read('onnx/model.onnx'), LARGE)).toBe(true);
  });

  test('503 that stays is told, and nothing is left that could be taken for the file', async () => {
    const { hub, home } = await startHub({ 'owner/name': MODEL });
    const files = await openFiles('owner/name');
    hub.intercept = ({ host }, response) => host === 'storage' && Boolean(response.writeHead(503).end());
    const error = await failure(sizeOf(files, 'onnx/model.onnx'));
    expect(error).toMatchObject({ name: 'FetchError', status: 503 });
    expect(error.message).toMatch(/owner\/name: the hub is not available\. Try again later/);
    expect(await readdir(join(cacheOf(home), 'snapshots', COMMIT, 'onnx'))).toEqual([]);
  });

  test('cut again and again, it is taken up where it broke', async () => {
    const { hub } = await startHub({ 'owner/name': MODEL });
    const froms: number[] = [];
    hub.intercept = ({ host, range }, response) => {
      const [from, to] = partOf(range, LARGE.length);
      if (host !== 'storage') return false;
      froms.push(from);
      const length = { 'content-length': to - from, 'content-range': `bytes ${from}-${to - 1}/${LARGE.length}` };
      response.writeHead(range === undefined ? 200 : 206, length);
      response.write(LARGE.subarray(from, Math.min(from + 70_000, to)), () =>
        setTimeout(() => response.destroy(), UNREAD),
      );
      return true;
    };
    expect(same(await (await openFiles('owner/name')).read('onnx/model.onnx'), LARGE)).toBe(true);
    expect(froms[0]).toBe(0);
    expect(froms.length).toBeGreaterThan(1);
    expect(froms).toEqual([...froms].sort((a, b) => a - b));
  });

  test.each([0, 1, 1023, 65_536, 199_999])('cut for good at byte %i: the next load begins there', async (cut) => {
    const { hub, home } = await startHub({ 'owner/name': MODEL });
    hub.intercept = ({ host, range }, response) => {
      const [from, to] = partOf(range, LARGE.length);
      if (host !== 'storage') return false;
      if (from >= cut) return Boolean(response.writeHead(503).end());
      response.writeHead(range === undefined ? 200 : 206, { 'content-length': to - from });
      response.write(LARGE.subarray(from, cut), () => setTimeout(() => response.destroy(), UNREAD));
      return true;
    };
    const error = await failure(sizeOf(await openFiles('owner/name'), 'onnx/model.onnx'));
    expect(error.name).toBe('FetchError');
    expect(await readdir(join(cacheOf(home), 'snapshots', COMMIT, 'onnx'))).toEqual([]);
    const [partial] = await partials(home);
    expect((await stat(join(cacheOf(home), 'blobs', partial!))).size).toBe(cut);

    hub.intercept = undefined;
    hub.seen.length = 0;
    const told: number[] = [];
    const files = await openFiles('owner/name', { progress: ({ loadedBytes }) => told.push(loadedBytes) });
    expect(same(await files.read('onnx/model.onnx'), LARGE)).toBe(true);
    expect(hub.seen.at(-1)?.range).toBe(cut === 0 ? undefined : `bytes=${cut}-${LARGE.length - 1}`);
    expect(Math.min(...told)).toBeGreaterThan(cut);
    expect(await partials(home)).toEqual([]);
  });

  test('altered on its way: both hashes are told, and it is deleted', async () => {
    const { hub, home } = await startHub({ 'owner/name': MODEL });
    const altered = LARGE.slice();
    altered[100_000]! ^= 1;
    hub.intercept = ({ host, range }, response) =>
      host === 'storage' && range === undefined && Boolean(response.writeHead(200).end(altered));
    const files = await openFiles('owner/name');
    const error = await failure(sizeOf(files, 'onnx/model.onnx'));
    expect(error).toMatchObject({ name: 'ModelFileError', file: 'onnx/model.onnx' });
    expect(error.message).toContain(`expected sha256 ${BLOB}, found sha256 ${sha256(altered)}`);
    expect(await partials(home)).toEqual([]);
    hub.intercept = undefined;
    expect(same(await files.read('onnx/model.onnx'), LARGE)).toBe(true);
  });

  test('a small file is checked too, by the hash that git gives it', async () => {
    const { hub } = await startHub({ 'owner/name': MODEL });
    hub.intercept = ({ path, range }, response) =>
      path.endsWith('config.json') && range === undefined && Boolean(response.end(SMALL.slice().reverse()));
    const error = await failure(sizeOf(await openFiles('owner/name'), 'config.json'));
    expect(error.message).toContain(`expected git-sha1 ${gitSha1(SMALL)}, found`);
  });

  test('too long', async () => {
    const { hub } = await startHub({ 'owner/name': MODEL });
    hub.intercept = ({ host, range }, response) =>
      host === 'storage' && range === undefined && Boolean(response.end(Buffer.concat([LARGE, SMALL])));
    const error = await failure(sizeOf(await openFiles('owner/name'), 'onnx/model.onnx'));
    expect(error.message).toMatch(/too long: expected 200000 bytes/);
  });

  test('a server that does not know parts and sends the whole: what is there already is left out', async () => {
    const { hub, home } = await startHub({ 'owner/name': MODEL });
    await mkdir(join(cacheOf(home), 'blobs'), { recursive: true });
    await writeFile(join(cacheOf(home), 'blobs', `${BLOB}.captioneer-partial`), LARGE.subarray(0, 1000));
    hub.intercept = ({ host, range }, response) =>
      host === 'storage' && partOf(range, LARGE.length)[0] === 1000 && Boolean(response.writeHead(200).end(LARGE));
    expect(same(await (await openFiles('owner/name')).read('onnx/model.onnx'), LARGE)).toBe(true);
  });

  test('silence runs into the timeout', async () => {
    const { hub } = await startHub({ 'owner/name': MODEL });
    const files = await openFiles('owner/name', {}, { modelTimeoutMs: 100, hubRetryWaitsMs: [] });
    hub.intercept = ({ host }, response) => {
      if (host !== 'storage') return false;
      response.writeHead(200).write(LARGE.subarray(0, 10));
      return true;
    };
    const error = await failure(sizeOf(files, 'onnx/model.onnx'));
    expect(error).toMatchObject({ name: 'FetchError', status: undefined });
    expect(error.message).toMatch(/silent or too slow within 100 ms/);
  });

  test('an abort keeps what came, and its reason comes back untouched', async () => {
    const { hub, home } = await startHub({ 'owner/name': MODEL });
    const controller = new AbortController();
    const reason = { why: 'enough' };
    hub.intercept = ({ host, range }, response) => {
      if (host !== 'storage' || range !== undefined) return false;
      response.writeHead(200).write(LARGE.subarray(0, 50_000), () => setTimeout(() => controller.abort(reason), 50));
      return true;
    };
    const files = await openFiles('owner/name');
    expect(await failure(sizeOf(files, 'onnx/model.onnx', controller.signal))).toBe(reason);
    const [partial] = await partials(home);
    expect((await stat(join(cacheOf(home), 'blobs', partial!))).size).toBe(50_000);
    expect(await readdir(join(home, 'hub', '.locks', 'models--owner--name'))).toEqual([]);
    expect(await failure(sizeOf(files, 'config.json', AbortSignal.abort(reason)))).toBe(reason);
    expect(await failure(openFiles('owner/name', { signal: AbortSignal.abort(reason) }))).toBe(reason);
  });
});

describe('without the network', () => {
  const readBoth = async (files: ModelFiles): Promise<Uint8Array[]> =>
    Promise.all(['config.json', 'onnx/model.onnx'].map((name) => files.read(name)));

  test('HF_HUB_OFFLINE asks nobody', async () => {
    const { hub, home } = await startHub({ 'owner/name': MODEL });
    await readBoth(await openFiles('owner/name'));
    hub.seen.length = 0;
    vi.stubEnv('HF_HUB_OFFLINE', '1');
    const files = await openFiles('owner/name');
    expect((await readBoth(files)).every((content, i) => same(content, [SMALL, LARGE][i]!))).toBe(true);
    expect(await files.has('tokenizer.json')).toBe(false);
    const error = await failure(sizeOf(files, 'tokenizer.json'));
    expect(error.message).toMatch(/no "tokenizer.json" in .*There are: config.json, onnx\/model.onnx\. HF_HUB_OFFLINE/);
    const unknown = await failure(openFiles('owner/other'));
    expect(unknown).toMatchObject({ name: 'ModelFileError' });
    expect(unknown.message).toContain(join(home, 'hub', 'models--owner--other'));
    expect(hub.seen).toEqual([]);
  });

  test('a hub that cannot be reached does no harm to what is kept', async () => {
    await startHub({ 'owner/name': MODEL });
    await readBoth(await openFiles('owner/name'));
    vi.stubEnv('HF_ENDPOINT', await deadUrl());
    const files = await openFiles('owner/name');
    expect(await readBoth(files)).toHaveLength(2);
    expect(await failure(sizeOf(files, 'tokenizer.json'))).toMatchObject({ name: 'FetchError' });
    expect((await failure(openFiles('owner/other'))).message).toMatch(/request failed.*ECONNREFUSED.*HF_HUB_OFFLINE=1/);
  });
});

describe('several at once', () => {
  test('fetch a file once, and all have it', async () => {
    const { hub } = await startHub({ 'owner/name': MODEL });
    const all = await Promise.all(Array.from({ length: 4 }, () => openFiles('owner/name')));
    const contents = await Promise.all(all.map((files) => files.read('onnx/model.onnx')));
    expect(contents.every((content) => same(content, LARGE))).toBe(true);
    expect(hub.filesAsked('storage')).toHaveLength(1);
  });

  test('a file that is linked anew is never missing meanwhile, for others may be reading it', async () => {
    const folder = await freshFolder();
    const [target, path] = [join(folder, 'blob'), join(folder, 'config.json')];
    await writeFile(target, SMALL);
    await linkFile(target, path);
    const over = new AbortController();
    const linking = (async () => {
      for (let time = 0; time < 300; time++) await linkFile(target, path);
    })().finally(() => over.abort());
    while (!over.signal.aborted) expect(same(await readFile(path), SMALL)).toBe(true);
    await linking;
    expect((await readdir(folder)).sort()).toEqual(['blob', 'config.json']);
  });

  test('a lock whose holder is gone is taken over', async () => {
    const { home } = await startHub({ 'owner/name': MODEL });
    const lock = join(home, 'hub', '.locks', 'models--owner--name', `${BLOB}.js.lock`);
    await mkdir(lock, { recursive: true });
    await utimes(lock, 0, 0);
    expect(await sizeOf(await openFiles('owner/name'), 'onnx/model.onnx')).toBe(LARGE.length);
  });

  test('waiting for another ends with an abort', async () => {
    const { home } = await startHub({ 'owner/name': MODEL });
    await mkdir(join(home, 'hub', '.locks', 'models--owner--name', `${BLOB}.js.lock`), { recursive: true });
    const reason = { why: 'enough' };
    const controller = new AbortController();
    const failing = failure(sizeOf(await openFiles('owner/name'), 'onnx/model.onnx', controller.signal));
    setTimeout(() => {
      controller.abort(reason);
    }, 150);
    expect(await failing).toBe(reason);
  });
});

describe('the cache', () => {
  test('what another library has downloaded is used', async () => {
    const { hub, home } = await startHub({ 'owner/name': MODEL });
    const snapshot = join(cacheOf(home), 'snapshots', COMMIT, 'onnx');
    await mkdir(snapshot, { recursive: true });
    await writeFile(join(snapshot, 'model.onnx'), LARGE);
    await (await openFiles('owner/name')).read('onnx/model.onnx');
    expect(hub.filesAsked('storage')).toEqual([]);
  });

  test('a file of the wrong size is fetched anew', async () => {
    const { home } = await startHub({ 'owner/name': MODEL });
    const snapshot = join(cacheOf(home), 'snapshots', COMMIT);
    await mkdir(snapshot, { recursive: true });
    await writeFile(join(snapshot, 'config.json'), SMALL.subarray(0, 100));
    expect(same(await (await openFiles('owner/name')).read('config.json'), SMALL)).toBe(true);
    expect((await lstat(join(snapshot, 'config.json'))).isSymbolicLink()).toBe(true);
  });

  test('HF_HUB_CACHE names it, or HF_HOME', async () => {
    const { home } = await startHub({ 'owner/name': MODEL });
    vi.stubEnv('HF_HUB_CACHE', join(home, 'elsewhere'));
    await (await openFiles('owner/name')).read('config.json');
    expect(await readdir(home)).toEqual(['elsewhere']);
  });

  test('where it cannot be written, the folder is named', async () => {
    const { home } = await startHub({ 'owner/name': MODEL });
    await writeFile(join(home, 'hub'), 'a file in the way');
    const error = await failure(openFiles('owner/name'));
    expect(error).toMatchObject({ name: 'ModelFileError' });
    expect(error.message).toMatch(/models--owner--name: it cannot be written.*HF_HOME/);
  });
});
