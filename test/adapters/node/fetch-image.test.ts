import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { nodePlatform } from '../../../src/adapters/node/index.js';
import { deadUrl, failure, picture, serve, type TestServer } from './support.js';

const platform = nodePlatform();
const bytes = await readFile(picture('quarters.jpg'));
const expected = await platform.decodeImage(bytes);

/** Waits until the client has given up every request. */
async function expectGivenUp(server: TestServer): Promise<void> {
  for (let tries = 0; tries < 100 && server.openRequests() > 0; tries += 1) await sleep(10);
  expect(server.openRequests()).toBe(0);
}

describe('a picture behind a URL', () => {
  test('as a string and as a URL', async () => {
    const { url } = await serve((_request, response) => response.end(bytes));
    expect(await platform.decodeImage(url)).toEqual(expected);
    expect(await platform.decodeImage(new URL(url))).toEqual(expected);
  });

  test('in pieces of unstated length', async () => {
    const { url } = await serve(async (_request, response) => {
      for (let at = 0; at < bytes.length; at += 200) {
        response.write(bytes.subarray(at, at + 200));
        await sleep(1);
      }
      response.end();
    });
    expect(await platform.decodeImage(url)).toEqual(expected);
  });

  test('behind a redirection', async () => {
    const { url } = await serve((request, response) => {
      if (request.url === '/photo') response.end(bytes);
      else response.writeHead(302, { location: '/photo' }).end();
    });
    expect(await platform.decodeImage(`${url}moved`)).toEqual(expected);
  });

  test('through an injected fetch', async () => {
    const asked: string[] = [];
    const fetch = async (url: unknown): Promise<Response> => {
      asked.push(String(url));
      return Promise.resolve(new Response(bytes));
    };
    expect(await platform.decodeImage('https://example.org/a.jpg', { fetch: fetch })).toEqual(expected);
    expect(asked).toEqual(['https://example.org/a.jpg']);
  });
});

describe('answers that are no picture', () => {
  test.each([404, 500, 403])('status %i', async (status) => {
    const server = await serve((_request, response) => {
      response.writeHead(status).write('x'.repeat(1000)); // and never ends
    });
    const error = await failure(platform.decodeImage(server.url));
    expect(error).toMatchObject({ name: 'FetchError', url: server.url, status });
    expect(error.message).toContain(`${server.url} answered ${status}`);
    await expectGivenUp(server);
  });

  test('a web page', async () => {
    const { url } = await serve((_request, response) => response.end('<html>no</html>'));
    const error = await failure(platform.decodeImage(url));
    expect(error).toMatchObject({ name: 'ImageUnreadableError', source: url });
    expect(error.message).toContain('a web page');
  });

  test('nothing', async () => {
    const { url } = await serve((_request, response) => response.writeHead(204).end());
    expect(await failure(platform.decodeImage(url))).toMatchObject({ name: 'ImageUnreadableError' });
  });

  test.each([true, false])('more bytes than allowed, length stated: %s', async (isStated) => {
    const server = await serve((_request, response) => {
      if (isStated) response.setHeader('content-length', 1_000_000);
      response.write(Buffer.alloc(50_000));
    });
    const error = await failure(nodePlatform({ limits: { maxImageBytes: 10_000 } }).decodeImage(server.url));
    expect(error).toMatchObject({ name: 'FetchError', status: 200 });
    expect(error.message).toMatch(/more than the 10000 bytes allowed/);
    await expectGivenUp(server);
  });

  test('a connection that breaks off', async () => {
    const { url } = await serve((_request, response) => {
      response.setHeader('content-length', bytes.length);
      response.write(bytes.subarray(0, 100), () => response.destroy());
    });
    const error = await failure(platform.decodeImage(url));
    expect(error).toMatchObject({ name: 'FetchError', url });
    expect(error.message).toMatch(/the request failed \(.+\)\. Check the address/);
  });

  test('nobody listens', async () => {
    const url = await deadUrl();
    const error = await failure(platform.decodeImage(url));
    expect(error).toMatchObject({ name: 'FetchError', url, status: undefined });
    expect(error.message).toContain('ECONNREFUSED');
  });

  test('a password in the address stays out of messages', async () => {
    const error = await failure(platform.decodeImage('http://me:secret@127.0.0.1:1/a.jpg'));
    expect(error).toMatchObject({ name: 'FetchError', url: 'http://127.0.0.1:1/a.jpg' });
    expect(error.message).not.toContain('secret');
    expect(error.message).toContain('fetch of your own');
  });
});

describe('timeout', () => {
  test('a server that never answers', async () => {
    const server = await serve(() => undefined);
    const error = await failure(platform.decodeImage(server.url, { timeoutMs: 50 }));
    expect(error).toMatchObject({ name: 'FetchError', url: server.url, status: undefined });
    expect(error.message).toMatch(/no complete answer within 50 ms .*raise timeoutMs/);
    await expectGivenUp(server);
  });

  test('a body that never ends', async () => {
    const server = await serve((_request, response) => {
      const timer = setInterval(() => response.write(bytes.subarray(0, 10)), 10);
      response.on('close', () => {
        clearInterval(timer);
      });
    });
    const error = await failure(platform.decodeImage(server.url, { timeoutMs: 100 }));
    expect(error.message).toMatch(/no complete answer within 100 ms/);
    await expectGivenUp(server);
  });

  test('an injected fetch that ignores its signal; its late answer is cancelled', async () => {
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>({
      cancel: () => {
        cancelled = true;
      },
    });
    const fetch = (async () => {
      await sleep(60);
      return new Response(body);
    }) as typeof globalThis.fetch;
    const error = await failure(platform.decodeImage('http://example.org/', { fetch, timeoutMs: 20 }));
    expect(error.name).toBe('FetchError');
    await sleep(80);
    expect(cancelled).toBe(true);
  });

  test('leaves no timer behind', async () => {
    const { url } = await serve((_request, response) => response.end(bytes));
    const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    await platform.decodeImage(url);
    const before = timers();
    await platform.decodeImage(url, { timeoutMs: 1_000_000 });
    expect(timers()).toBeLessThanOrEqual(before);
  });

  test('may be infinite', async () => {
    const { url } = await serve((_request, response) => response.end(bytes));
    expect(await platform.decodeImage(url, { timeoutMs: Infinity })).toEqual(expected);
    expect(await platform.decodeImage(url, { timeoutMs: 2 ** 40 })).toEqual(expected);
  });
});

describe('abort', () => {
  const reason = new Error('changed my mind');

  test('while the server is silent', async () => {
    const controller = new AbortController();
    const server = await serve(() => {
      controller.abort(reason);
    });
    expect(await failure(platform.decodeImage(server.url, { signal: controller.signal }))).toBe(reason);
    await expectGivenUp(server);
  });

  test('in the middle of the body', async () => {
    const controller = new AbortController();
    const server = await serve((_request, response) => {
      response.write(bytes.subarray(0, 100), () => {
        setTimeout(() => {
          controller.abort(reason);
        }, 20);
      });
    });
    expect(await failure(platform.decodeImage(server.url, { signal: controller.signal }))).toBe(reason);
    await expectGivenUp(server);
  });

  test('with a value that is no error', async () => {
    const controller = new AbortController();
    const { url } = await serve(() => {
      controller.abort('stop');
    });
    expect(await failure(platform.decodeImage(url, { signal: controller.signal }))).toBe('stop');
  });
});

describe('servers that want something of the caller', () => {
  test('a busy one is asked again when it says so, and knows who asks', async () => {
    const agents: (string | undefined)[] = [];
    const server = await serve(async (request, response) => {
      agents.push(request.headers['user-agent']);
      if (agents.length === 1) response.writeHead(429, { 'retry-after': '0' }).end();
      else response.end(await readFile(picture('quarters.png')));
    });
    expect((await platform.decodeImage(server.url)).width).toBe(48);
    expect(agents).toEqual([expect.stringMatching(/^captioneer /), expect.stringMatching(/^captioneer /)]);
  });

  test('one that is busy for longer than may be waited is not waited for', async () => {
    const server = await serve((_request, response) => response.writeHead(503, { 'retry-after': '100' }).end());
    const error = await failure(platform.decodeImage(server.url));
    expect(error).toMatchObject({ name: 'FetchError', status: 503, retryAfterMs: 100_000 });
    expect(error.message).toMatch(/Try again after 100 s\./);
  });

  test('one that asks for ever is given up', async () => {
    let requests = 0;
    const server = await serve((_request, response) => {
      requests += 1;
      response.writeHead(429, { 'retry-after': '0' }).end();
    });
    expect(await failure(platform.decodeImage(server.url))).toMatchObject({ status: 429 });
    expect(requests).toBe(3);
  });

  test.each([
    [401, /asks for credentials\. Give a fetch of your own/],
    [403, /does not allow access\. A signed link may have expired/],
    [404, /the file does not exist\. Check the address/],
    [500, /an error of its own\. Try again later/],
  ])('%i', async (status, message) => {
    const server = await serve((_request, response) => response.writeHead(status).end());
    expect((await failure(platform.decodeImage(server.url))).message).toMatch(message);
  });

  test('a proxy that Node does not use is named if there is no answer', async () => {
    vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:9');
    const error = await failure(platform.decodeImage(await deadUrl()));
    vi.unstubAllEnvs();
    expect(error.message).toMatch(/HTTPS_PROXY is set, but Node does not use it by itself/);
  });
});
