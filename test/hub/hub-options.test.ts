import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { nodePlatform } from '../../src/adapters/node/index.js';
import type { HubOptions } from '../../src/core/index.js';
import { failure, serve } from '../adapters/node/support.js';
import { TestHub, type HubModel } from './hub-server.js';
import { freshFolder, startHub } from './support.js';

const content = new TextEncoder().encode('{"a":1}');
const closed = (token: string): HubModel => ({ files: { 'config.json': content }, closed: { as: 'private', token } });

async function read(id: string, hub: HubOptions): Promise<Uint8Array> {
  const platform = nodePlatform({ hub, limits: { modelTimeoutMs: 2000, hubRetryWaitsMs: [] } });
  return (await platform.findModelFiles(id)).read('config.json');
}

describe('the hub by options', () => {
  test('two tokens at once in one process', async () => {
    const { hub } = await startHub({ 'one/model': closed('hf_one'), 'two/model': closed('hf_two') });
    const cacheDir = await freshFolder();
    const both = await Promise.all([
      read('one/model', { token: 'hf_one', cacheDir }),
      read('two/model', { token: 'hf_two', cacheDir }),
    ]);
    expect(both.map((bytes) => Buffer.compare(bytes, content))).toEqual([0, 0]);
    for (const { path, authorization } of hub.seen) {
      expect(authorization).toBe(`Bearer hf_${/(one|two)\/model/.exec(path)?.[1]}`);
    }
    expect((await failure(read('one/model', { token: 'hf_two', cacheDir }))).message).toMatch(/may not read/);
    expect((await readdir(cacheDir)).filter((name) => name.startsWith('models--')).sort()).toEqual([
      'models--one--model',
      'models--two--model',
    ]);
  });

  test('go before the environment: address, folder, and whether it is asked', async () => {
    const { home } = await startHub({});
    const other = await TestHub.start({ 'owner/name': { files: { 'config.json': content } } });
    const { url } = other;
    const cacheDir = await freshFolder();
    vi.stubEnv('HF_HUB_OFFLINE', '1');
    await read('owner/name', { url, cacheDir, offline: false });
    await other.stop();
    expect(await readdir(home)).toEqual([]);
    vi.stubEnv('HF_HUB_OFFLINE', undefined);
    await read('owner/name', { url, cacheDir, offline: true });
    const error = await failure(read('owner/other', { url, cacheDir, offline: true }));
    expect(error.message).toMatch(/hub\.offline\) is set, and nothing of owner\/other .* has been downloaded/);
    expect(error.message).toContain(join(cacheDir, 'models--owner--other'));
  });

  test('the token of the environment is not sent to another hub that the caller names', async () => {
    const tokens: (string | undefined)[] = [];
    const { url } = await serve((request, response) => {
      tokens.push(request.headers.authorization);
      response.writeHead(404).end();
    });
    await startHub({});
    vi.stubEnv('HF_TOKEN', 'hf_secret');
    await failure(read('owner/name', { url }));
    await failure(read('owner/name', { url, token: 'hf_own' }));
    expect(tokens).toEqual([undefined, 'Bearer hf_own']);
  });

  test.each([
    ['url', 'huggingface.co'],
    ['token', 'with spaces'],
    ['token', 3],
    ['cacheDir', ''],
    ['offline', 'yes'],
    ['endpoint', 'http://x'],
  ])('%s %j is refused, and a token is not repeated', (name, value) => {
    const make = (): unknown => nodePlatform({ hub: { [name]: value } });
    expect(make).toThrow(expect.objectContaining({ name: 'InvalidArgumentError' }) as Error);
    if (name === 'token') expect(make).not.toThrow(/with spaces/);
  });
});
