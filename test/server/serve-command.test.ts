import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const CAT = fileURLToPath(new URL('../../docs/images/cat.jpg', import.meta.url));

/** `captioneer serve` in a process of its own. */
async function start(...args: string[]): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [MAIN, 'serve', '--port', '0', '--workers', '1', ...args]);
  let stderr = '';
  child.stderr.on('data', (piece) => (stderr += String(piece)));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (line: string) => {
      const [found] = /http:\/\/\S+(?=,)/.exec(line) ?? [];
      if (found) resolve(found);
    });
    child.on('exit', (code) => reject(new Error(`exit ${code}: ${stderr}`)));
  });
  return { child, url };
}

const headers = { 'content-type': 'image/jpeg' };

/** Sends half of the image at once and the rest when `isTold` resolves. @returns status and caption */
async function captionInTwoParts(url: string, image: Uint8Array, isTold: Promise<void>): Promise<[number, string]> {
  const asking = request(`${url}/caption`, {
    method: 'POST',
    headers: { ...headers, 'content-length': image.length },
  });
  const middle = image.length / 2;
  asking.write(image.subarray(0, middle));
  void isTold.then(() => asking.end(image.subarray(middle)));
  const [answer] = (await once(asking, 'response')) as [IncomingMessage];
  return [answer.statusCode!, ((await json(answer)) as { text: string }).text];
}

describe('captioneer serve', () => {
  let server: Awaited<ReturnType<typeof start>>;
  let cat: Buffer<ArrayBuffer>;
  beforeAll(async () => {
    cat = await readFile(CAT);
    server = await start('--max-requests', '4', '--allow-urls');
  });
  afterAll(() => server.child.kill('SIGKILL'));

  it('captions an image, and says what is wrong with one that is none', async () => {
    const good = await fetch(`${server.url}/caption`, { method: 'POST', body: cat, headers });
    expect(await good.json()).toMatchObject({
      model: 'default',
      text: 'A tabby cat with orange eyes looks to the side.',
    });
    const bad = await fetch(`${server.url}/caption`, { method: 'POST', body: cat.subarray(0, 3000), headers });
    expect(bad.status).toBe(422);
    expect(await bad.json()).toMatchObject({
      error: { code: 'IMAGE_UNREADABLE', message: expect.stringMatching(/^image: /) },
    });
  });

  it('does not fetch from this machine, whatever the URL is called', async () => {
    const body = JSON.stringify({ url: `${server.url}/` });
    const answer = await fetch(`${server.url}/caption`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ error: { message: expect.stringMatching(/not public/) } });
  });

  it('under ten times its load answers some, refuses the others with Retry-After, and stays alive', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => fetch(`${server.url}/caption`, { method: 'POST', body: cat, headers })),
    );
    await Promise.all(answers.map((answer) => answer.arrayBuffer()));
    const statuses = answers.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200, 503]));
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(4);
    const refused = answers.find(({ status }) => status === 503)!;
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });

  it('a client that hangs up in the middle of its request does no harm', async () => {
    const { hostname, port } = new URL(server.url);
    for (let index = 0; index < 8; index += 1) {
      const socket = connect(Number(port), hostname);
      await once(socket, 'connect');
      socket.write(
        'POST /caption HTTP/1.1\r\nhost: a\r\ncontent-type: image/jpeg\r\ncontent-length: 100000\r\n\r\nabc',
      );
      await new Promise((resolve) => setTimeout(resolve, 20));
      socket.destroy();
    }
    await expect
      .poll(async () => (await fetch(`${server.url}/caption`, { method: 'POST', body: cat, headers })).status, {
        timeout: 10_000,
      })
      .toBe(200);
  });

  it('at SIGTERM finishes what it has taken, and ends with exit code 0', async () => {
    let sendTheRest = (): void => undefined;
    const isTold = new Promise<void>((resolve) => (sendTheRest = resolve));
    const taken = [1, 2, 3].map(() => captionInTwoParts(server.url, cat, isTold));
    await expect
      .poll(async () => /^captioneer_requests (\d+)/m.exec(await (await fetch(`${server.url}/metrics`)).text())?.[1])
      .toBe('3');
    const exit = once(server.child, 'exit');
    server.child.kill('SIGTERM');
    await expect
      .poll(async () => (await fetch(`${server.url}/readyz`).catch(() => undefined))?.status ?? 'closed')
      .not.toBe(200);
    sendTheRest();
    expect(await Promise.all(taken)).toEqual(Array(3).fill([200, 'A tabby cat with orange eyes looks to the side.']));
    expect(await exit).toEqual([0, null]);
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
  });
});

it('says that a port cannot be listened on', async () => {
  await expect(start('--host', '203.0.113.1')).rejects.toThrow(
    /exit 2: captioneer: --port: cannot listen on 203.0.113.1/,
  );
});
