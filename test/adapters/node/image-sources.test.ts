import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { PassThrough, Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { nodePlatform, type NodeImageSource } from '../../../src/adapters/node/index.js';
import type { RawImage } from '../../../src/core/index.js';
import { failure, picture } from './support.js';

const platform = nodePlatform();
const path = picture('quarters.jpg');
const bytes = await readFile(path);
const expected = await platform.decodeImage(path);

describe('every form gives the same pixels', () => {
  const base64 = bytes.toString('base64');
  const latin1 = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  const arrayBuffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const padded = new Uint8Array([1, 2, 3, ...bytes, 4, 5]);

  async function* inPieces(): AsyncGenerator<Uint8Array> {
    yield bytes.subarray(0, 100);
    await Promise.resolve();
    yield bytes.subarray(100);
  }

  const sources: [string, () => NodeImageSource][] = [
    ['path', () => path],
    ['file: URL', () => pathToFileURL(path)],
    ['file: URL as a string', () => pathToFileURL(path).href],
    ['data: URL in base64', () => `data:image/jpeg;base64,${base64}`],
    ['data: URL in base64, as URL', () => new URL(`data:image/jpeg;base64,${base64}`)],
    ['data: URL in escaped base64', () => `data:image/jpeg;base64,${encodeURIComponent(base64)}`],
    ['data: URL in percent escapes', () => `data:image/jpeg,${latin1}`],
    ['Buffer', () => bytes],
    ['Uint8Array that is a part of its buffer', () => padded.subarray(3, 3 + bytes.length)],
    ['ArrayBuffer', () => arrayBuffer],
    ['Blob', () => new Blob([bytes])],
    ['File', () => new File([bytes], 'photo.jpg')],
    ['Node stream', () => createReadStream(path, { highWaterMark: 100 })],
    ['Node stream of one piece', () => Readable.from([bytes])],
    ['web stream', () => new Blob([bytes]).stream()],
    ['async iterable', () => inPieces()],
    ['raw pixels', () => expected],
    ['raw pixels with channels', () => ({ ...expected, channels: 3 })],
  ];

  test.each(sources)('%s', async (_name, source) => {
    expect(await platform.decodeImage(source())).toEqual(expected);
  });
});

describe('raw pixels', () => {
  const background = { background: [10, 20, 30] as const };

  test.each([
    ['grey', 1, [7, 200], [7, 7, 7, 200, 200, 200]],
    ['grey and alpha', 2, [7, 255, 200, 0], [7, 7, 7, 10, 20, 30]],
    ['colours', 3, [1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6]],
    ['colours and alpha', 4, [1, 2, 3, 255, 250, 250, 250, 128], [1, 2, 3, 130, 135, 140]],
  ])('%s', async (_name, channels, data, rgb) => {
    const pixels = { data: new Uint8ClampedArray(data), width: 2, height: 1 };
    expect([...(await platform.decodeImage(pixels, background)).data]).toEqual(rgb);
    const stated = { ...pixels, channels: channels as 1 | 2 | 3 | 4 };
    expect([...(await platform.decodeImage(stated, background)).data]).toEqual(rgb);
  });

  test('blending rounds to the nearest level', async () => {
    const data = new Uint8Array(256 * 256 * 4);
    for (let index = 0; index < 65_536; index += 1) data.set([index & 255, 0, 255, index >> 8], index * 4);
    const image: RawImage = await platform.decodeImage(
      { data, width: 256, height: 256 },
      { background: [200, 100, 0] },
    );
    for (let index = 0; index < 65_536; index += 1) {
      const [level, alpha] = [index & 255, index >> 8];
      const exact = [level * alpha + 200 * (255 - alpha), 100 * (255 - alpha), 255 * alpha].map((sum) =>
        Math.round(sum / 255),
      );
      if (exact.some((value, channel) => image.data[index * 3 + channel] !== value))
        expect.fail(`${level} at ${alpha}`);
    }
  });

  test.each([
    ['too few bytes', { data: new Uint8Array(5), width: 2, height: 1 }],
    ['no bytes', { data: new Uint8Array(0), width: 2, height: 1 }],
    ['other channels', { data: new Uint8Array(6), width: 2, height: 1, channels: 4 as const }],
    ['five channels', { data: new Uint8Array(10), width: 2, height: 1 }],
    ['no width', { data: new Uint8Array(6), width: 0, height: 1 }],
    ['half a pixel', { data: new Uint8Array(6), width: 0.5, height: 4 }],
    ['floats', { data: new Float32Array(6) as never, width: 2, height: 1 }],
  ])('%s', async (_name, pixels) => {
    expect(await failure(platform.decodeImage(pixels))).toMatchObject({
      name: 'InvalidArgumentError',
      argument: 'image',
    });
  });

  test('more than maxPixels', async () => {
    const pixels = { data: new Uint8Array(3 * 101), width: 101, height: 1 };
    const error = await failure(platform.decodeImage(pixels, { maxPixels: 100 }));
    expect(error).toMatchObject({ name: 'ImageTooLargeError', source: 'raw pixels', pixels: 101 });
  });
});

describe('what is not an image', () => {
  test.each([
    ['undefined', undefined],
    ['null', null],
    ['a number', 7],
    ['an empty string', ''],
    ['an object', {}],
    ['an array', [1, 2, 3]],
    ['floats', new Float32Array(4)],
    ['another protocol', 'ftp://example.org/photo.jpg'],
    ['another protocol as URL', new URL('blob:nodedata:1')],
    ['a broken URL', 'http://'],
  ])('%s', async (_name, value) => {
    const error = await failure(platform.decodeImage(value as never));
    expect(error).toMatchObject({ name: 'InvalidArgumentError', argument: 'image' });
    expect(error.message).toMatch(/\.$/);
  });

  test.each(['data:image/png', 'data:image/png;base64,????', 'data:,'])('%s', async (href) => {
    const error = await failure(platform.decodeImage(href));
    expect(error).toMatchObject({ name: 'ImageUnreadableError', source: 'data: URL' });
    expect(error.message).not.toContain('????');
  });

  test('empty bytes name their kind', async () => {
    expect(await failure(platform.decodeImage(new Uint8Array(0)))).toMatchObject({ source: 'Uint8Array' });
    expect(await failure(platform.decodeImage(Buffer.alloc(0)))).toMatchObject({ source: 'Buffer' });
    expect(await failure(platform.decodeImage(new ArrayBuffer(0)))).toMatchObject({ source: 'ArrayBuffer' });
    expect(await failure(platform.decodeImage(new Blob([])))).toMatchObject({ source: 'Blob' });
    expect(await failure(platform.decodeImage(new File([], 'a.png')))).toMatchObject({ source: 'a.png' });
    expect(await failure(platform.decodeImage(Readable.from([])))).toMatchObject({ source: 'stream' });
  });
});

describe('streams', () => {
  test('one that fails', async () => {
    const cause = new Error('unplugged');
    const stream = new Readable({
      read() {
        this.destroy(cause);
      },
    });
    const error = await failure(platform.decodeImage(stream));
    expect(error).toMatchObject({ name: 'ImageUnreadableError', source: 'stream', cause });
    expect(error.message).toContain('unplugged');
  });

  test('one that is being read by somebody else', async () => {
    const stream = new Blob([bytes]).stream();
    stream.getReader();
    expect(await failure(platform.decodeImage(stream))).toMatchObject({ name: 'ImageUnreadableError' });
  });

  test('one that gives text', async () => {
    const stream = createReadStream(path, 'utf8');
    const error = await failure(platform.decodeImage(stream as never));
    expect(error.name).toBe('InvalidArgumentError');
    expect(error.message).toMatch(/setEncoding/);
    expect(stream.destroyed).toBe(true);
  });

  test('one with more bytes than allowed is given up', async () => {
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        controller.enqueue(new Uint8Array(1000));
      },
      cancel: () => {
        cancelled = true;
      },
    });
    const error = await failure(nodePlatform({ limits: { maxImageBytes: 10_000 } }).decodeImage(endless));
    expect(error).toMatchObject({ name: 'ImageUnreadableError' });
    expect(error.message).toMatch(/10000 bytes/);
    expect(cancelled).toBe(true);
  });
});

describe('abort', () => {
  const reason = { why: 'changed my mind' };

  test('before anything', async () => {
    const signal = AbortSignal.abort(reason);
    for (const source of [path, 'nowhere.jpg', bytes, new Blob([bytes]), expected, 'data:,x', 'http://127.0.0.1:1/']) {
      expect(await failure(platform.decodeImage(source, { signal }))).toBe(reason);
    }
  });

  test('before anything, a stream is closed', async () => {
    const stream = new PassThrough();
    expect(await failure(platform.decodeImage(stream, { signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(stream.destroyed).toBe(true);
  });

  test('while a Node stream is silent', async () => {
    const stream = new PassThrough();
    stream.write(bytes.subarray(0, 100));
    const controller = new AbortController();
    const failing = failure(platform.decodeImage(stream, { signal: controller.signal }));
    setTimeout(() => {
      controller.abort(reason);
    }, 20);
    expect(await failing).toBe(reason);
    expect(stream.destroyed).toBe(true);
  });

  test('while a web stream is silent', async () => {
    let cancelled = false;
    const stream = new ReadableStream<Uint8Array>({
      cancel: () => {
        cancelled = true;
      },
    });
    const controller = new AbortController();
    const failing = failure(platform.decodeImage(stream, { signal: controller.signal }));
    setTimeout(() => {
      controller.abort(reason);
    }, 20);
    expect(await failing).toBe(reason);
    expect(cancelled).toBe(true);
  });

  test('while an iterable is silent', async () => {
    const silent: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }),
    };
    const controller = new AbortController();
    const failing = failure(platform.decodeImage(silent, { signal: controller.signal }));
    controller.abort(reason);
    expect(await failing).toBe(reason);
  });

  test('while the image is decoded', async () => {
    const controller = new AbortController();
    const failing = failure(platform.decodeImage(bytes, { signal: controller.signal }));
    await Promise.resolve();
    controller.abort(reason);
    expect(await failing).toBe(reason);
  });

  test('a signal that does not abort keeps no listener', async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners += 1;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...args);
    };
    await platform.decodeImage(createReadStream(path), { signal });
    expect(listeners).toBe(0);
  });
});
