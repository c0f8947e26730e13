import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, open, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodePlatform } from '../../../src/adapters/node/index.js';
import { urlOfPath } from '../../../src/adapters/node/files/path-of-url.js';
import { readFile as readBounded } from '../../../src/adapters/node/files/read-file.js';
import { failure, picture } from './support.js';

const platform = nodePlatform();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'captioneer-special-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe.skipIf(process.platform === 'win32')('files that are not regular', () => {
  function pipe(name: string): string {
    const path = join(folder, name);
    execFileSync('mkfifo', [path]);
    return path;
  }

  test('a named pipe is read to its end', async () => {
    const path = pipe('pipe.png');
    const decoding = platform.decodeImage(path);
    execFile('sh', ['-c', 'cat "$0" > "$1"', picture('quarters.png'), path]);
    expect((await decoding).width).toBe(48);
  });

  test('a pipe that nobody writes to runs into the timeout, or is given up', async () => {
    const path = pipe('silent.png');
    const error = await failure(platform.decodeImage(path, { timeoutMs: 50 }));
    expect(error).toMatchObject({ name: 'ImageUnreadableError' });
    expect(error.message).toMatch(/a pipe that gave nothing for 50 ms\. .*raise timeoutMs/);
    const controller = new AbortController();
    const failing = failure(platform.decodeImage(path, { signal: controller.signal }));
    setTimeout(() => {
      controller.abort('enough');
    }, 20);
    expect(await failing).toBe('enough');
  });

  test('a pipe has no more bytes than a file may have', async () => {
    const path = pipe('endless.png');
    const failing = failure(nodePlatform({ limits: { maxImageBytes: 100_000 } }).decodeImage(path));
    execFile('sh', ['-c', 'head -c 1000000 /dev/zero > "$0"', path]);
    expect((await failing).message).toMatch(/larger than the 100000 bytes allowed/);
  });

  test('a device is refused, also behind a link', async () => {
    const link = join(folder, 'zero.png');
    await symlink('/dev/zero', link);
    for (const path of [link, '/dev/zero']) {
      expect((await failure(platform.decodeImage(path))).message).toMatch(
        /a device, a pipe or a socket, not a regular file/,
      );
    }
  });

  test('a socket is refused', async () => {
    const path = join(folder, 'socket.png');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    const error = await failure(platform.decodeImage(path));
    await new Promise((resolve) => server.close(resolve));
    expect(error.message).toMatch(/not a regular file/);
  });

  test("a pipe and a device are no files of a model's", async () => {
    const model = join(folder, 'model');
    execFileSync('mkdir', [model]);
    execFileSync('mkfifo', [join(model, 'captioneer.json')]);
    await symlink('/dev/zero', join(model, 'encoder.onnx'));
    const reading = { maxBytes: 1000, tooLong: () => new Error('too long') };
    for (const name of ['captioneer.json', 'encoder.onnx']) {
      expect(await failure(readBounded(join(model, name), reading))).toMatchObject({ code: 'ENOTREG' });
    }
  });

  test('a file that says it is empty and is not (of /proc) is read whole, within the limit', async () => {
    if (process.platform !== 'linux') return;
    const bytes = await readBounded('/proc/self/status', { maxBytes: 100_000, tooLong: () => new Error('too long') });
    expect(Buffer.from(bytes).toString()).toMatch(/^Name:/);
    const error = await failure(
      readBounded('/proc/self/status', { maxBytes: 10, tooLong: () => new Error('too long') }),
    );
    expect(error.message).toBe('too long');
  });

  test('a link that leads to itself', async () => {
    const path = join(folder, 'loop.png');
    await symlink(path, path);
    expect((await failure(platform.decodeImage(path))).message).toMatch(/cannot be read \(ELOOP\)/);
  });
});

test('a file of exactly the bytes allowed is read', async () => {
  const bytes = await readFile(picture('quarters.png'));
  expect(
    (await nodePlatform({ limits: { maxImageBytes: bytes.length } }).decodeImage(picture('quarters.png'))).width,
  ).toBe(48);
});

describe.skipIf(process.platform !== 'linux')('names that are not UTF-8', () => {
  test('are read by their file: URL', async () => {
    const path = Buffer.concat([Buffer.from(join(folder, 'caf')), Buffer.from([0xe9]), Buffer.from(' #1?.png')]);
    await writeFile(path, await readFile(picture('quarters.png')));
    const url = urlOfPath(path);
    expect(url.href).toMatch(/caf%E9%20%231%3F\.png$/);
    expect((await platform.decodeImage(url)).width).toBe(48);
    expect((await platform.decodeImage(url.href)).width).toBe(48);
  });

  test('a URL with an escaped slash names no file', async () => {
    const error = await failure(platform.decodeImage(new URL('file:///tmp/a%2Fb%E9.png')));
    expect(error).toMatchObject({ name: 'InvalidArgumentError' });
  });
});

test('a FileHandle is read and stays open', async () => {
  const file = await open(picture('quarters.png'));
  expect((await platform.decodeImage(file)).width).toBe(48);
  expect((await file.stat()).isFile()).toBe(true);
  await file.close();
});
