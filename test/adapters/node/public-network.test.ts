import type { lookup } from 'node:dns';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { nodePlatform } from '../../../src/adapters/node/index.js';
import { isPublicAddress } from '../../../src/adapters/node/public-network.js';
import { failure, picture, serve } from './support.js';

const closed = nodePlatform({ limits: { allowPrivateNetworks: false } });

test.each([
  ['8.8.8.8', true],
  ['1.1.1.1', true],
  ['172.32.0.1', true],
  ['2606:4700:4700::1111', true],
  ['0.0.0.0', false],
  ['10.1.2.3', false],
  ['100.64.0.1', false],
  ['127.0.0.1', false],
  ['169.254.169.254', false],
  ['172.16.0.1', false],
  ['192.168.1.1', false],
  ['224.0.0.1', false],
  ['255.255.255.255', false],
  ['::1', false],
  ['::', false],
  ['::ffff:8.8.8.8', false],
  ['::ffff:127.0.0.1', false],
  ['64:ff9b::7f00:1', false],
  ['fe80::1%eth0', false],
  ['fc00::1', false],
  ['2002:7f00:1::', false],
  ['2001:db8::1', false],
  ['localhost', false],
])('%s: public? %s', (address, isPublic) => {
  expect(isPublicAddress(address)).toBe(isPublic);
});

describe('with allowPrivateNetworks: false', () => {
  test.each([
    'http://127.0.0.1:1/a.png',
    'http://[::1]:1/a.png',
    'http://2130706433/a.png',
    'http://0x7f.1/a.png',
    'http://localhost:1/a.png',
  ])('%s is refused without being asked', async (url) => {
    const error = await failure(closed.decodeImage(url));
    expect(error).toMatchObject({ name: 'FetchError' });
    expect(error.message).toMatch(/is not public, and allowPrivateNetworks is false/);
  });

  test('a fetch of the caller is not called for such an address, nor for one that it is redirected to', async () => {
    const asked: string[] = [];
    const fetch = ((url: string) => {
      asked.push(url);
      return Promise.resolve(new Response(null, { status: 302, headers: { location: 'http://192.168.0.1/a.png' } }));
    }) as typeof globalThis.fetch;
    expect(await failure(closed.decodeImage('http://10.0.0.1/a.png', { fetch }))).toMatchObject({ name: 'FetchError' });
    expect(asked).toEqual([]);
    const error = await failure(closed.decodeImage('http://8.8.8.8/a.png', { fetch }));
    expect(error.message).toMatch(/192\.168\.0\.1, is not public/);
    expect(asked).toEqual(['http://8.8.8.8/a.png']);
  });
});

describe('the address is checked when the connection is made', () => {
  afterEach(() => {
    vi.doUnmock('node:dns');
    vi.doUnmock('node:dns/promises');
    vi.resetModules();
  });

  test('a name that is public when checked and private when used', async () => {
    const server = await serve((_request, response) => response.end('secret'));
    vi.resetModules();
    vi.doMock('node:dns/promises', () => ({ lookup: () => Promise.resolve([{ address: '8.8.8.8', family: 4 }]) }));
    const rebound = (_host: string, _options: unknown, done: (error: null, addresses: unknown) => void) => {
      done(null, [{ address: '127.0.0.1', family: 4 }]);
    };
    vi.doMock('node:dns', () => ({ lookup: rebound as unknown as typeof lookup }));
    const { nodePlatform: fresh } = await import('../../../src/adapters/node/index.js');
    const url = new URL(server.url);
    url.hostname = 'rebound.example';
    const error = await failure(fresh({ limits: { allowPrivateNetworks: false } }).decodeImage(url));
    expect(error.message).toMatch(/127\.0\.0\.1, is not public/);
    expect(server.openRequests()).toBe(0);
  });

  test('an answer of a public address is read', async () => {
    const server = await serve((request, response) => {
      if (request.url === '/moved') response.writeHead(302, { location: '/a.png' }).end();
      else response.end(request.headers['user-agent']?.startsWith('captioneer') ? png : '');
    });
    const png = await (await import('node:fs/promises')).readFile(picture('quarters.png'));
    vi.resetModules();
    const addresses = [{ address: '127.0.0.1', family: 4 }];
    vi.doMock('node:dns/promises', () => ({ lookup: () => Promise.resolve(addresses) }));
    vi.doMock('node:net', async (load) => {
      const net = await load<typeof import('node:net')>();
      return { ...net, BlockList: class { addSubnet = vi.fn(); check = (_address: string, family: string) => family === 'x'; } }; // prettier-ignore
    });
    const { nodePlatform: fresh } = await import('../../../src/adapters/node/index.js');
    const url = new URL('moved', server.url);
    url.hostname = 'localhost';
    expect((await fresh({ limits: { allowPrivateNetworks: false } }).decodeImage(url)).width).toBe(48);
    vi.doUnmock('node:net');
  });
});

test('private addresses are allowed by default', async () => {
  const server = await serve((_request, response) => response.writeHead(403).end());
  expect((await failure(nodePlatform().decodeImage(server.url))).message).toMatch(/403/);
});
