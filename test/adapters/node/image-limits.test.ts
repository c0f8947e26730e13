import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { nodePlatform } from '../../../src/adapters/node/index.js';
import { DecodeQueue } from '../../../src/adapters/shared/images/decode-queue.js';
import { scansOf } from '../../zoo/jpeg.js';
import { pngFile } from '../../zoo/png.js';
import { failure, picture } from './support.js';

const platform = nodePlatform();
const RGB = { bitDepth: 8, colourType: 2 } as const;

/** A PNG that states a size and has hardly any pixels. */
function lying(width: number, height: number): Buffer {
  return pngFile(width, height, RGB, new Uint8Array(64));
}

describe('sides', () => {
  test.each([
    [1, 67_000_000],
    [67_000_000, 1],
    [65_536, 1],
  ])('%i×%i', async (width, height) => {
    const error = await failure(platform.decodeImage(lying(width, height), { maxPixels: Infinity }));
    expect(error).toMatchObject({ name: 'ImageTooLargeError', pixels: width * height });
    expect(error.message).toMatch(
      /a side of more than the 65535 pixels allowed\. Crop or shrink .* raise maxImageSide/,
    );
  });

  test('65535×1 is within', async () => {
    const image = await platform.decodeImage(pngFile(1, 65_535, RGB, new Uint8Array(4 * 65_535).fill(0)));
    expect(image.height).toBe(65_535);
  });

  test('of raw pixels', async () => {
    const pixels = { data: new Uint8Array(70_000), width: 70_000, height: 1 };
    expect(await failure(platform.decodeImage(pixels))).toMatchObject({ name: 'ImageTooLargeError' });
  });
});

describe('pixels', () => {
  test('of more than 2^26 by default', async () => {
    expect(await failure(platform.decodeImage(lying(8193, 8192)))).toMatchObject({
      name: 'ImageTooLargeError',
      maxPixels: 2 ** 26,
    });
  });

  test('stated by the header of a WebP', async () => {
    const file = await readFile(picture('quarters.webp'));
    file.writeUInt16LE(16_383, 26);
    file.writeUInt16LE(16_383, 28);
    expect(await failure(platform.decodeImage(file))).toMatchObject({ name: 'ImageTooLargeError' });
  });
});

describe('time', () => {
  test('an image that takes too long is an error that names the limit', async () => {
    const slow = await sharp({ create: { width: 4000, height: 4000, channels: 3, background: 'grey' } })
      .webp({ lossless: true, effort: 0 })
      .toBuffer();
    const error = await failure(nodePlatform({ limits: { imageTimeoutMs: 1 } }).decodeImage(slow));
    expect(error).toMatchObject({ name: 'ImageUnreadableError' });
    expect(error.message).toMatch(/not decoded after 1 ms \(timeout\)\. Shrink it, or raise imageTimeoutMs/);
  });

  test('the event loop turns while large pixels are composited', async () => {
    const side = 5000;
    const pixels = { data: new Uint8Array(side * side * 4).fill(77), width: side, height: side };
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 1);
    await platform.decodeImage(pixels);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(10);
  });

  test('an abort ends it in the middle', async () => {
    const pixels = { data: new Uint8Array(5000 * 5000 * 4), width: 5000, height: 5000 };
    const controller = new AbortController();
    const failing = failure(platform.decodeImage(pixels, { signal: controller.signal }));
    setTimeout(() => {
      controller.abort('enough');
    }, 1);
    expect(await failing).toBe('enough');
  });
});

describe('progressive JPEGs', () => {
  test('with more scans than an encoder writes are refused', async () => {
    const jpeg = await sharp(picture('quarters.png')).jpeg({ progressive: true }).toBuffer();
    const { head, scans, tail } = scansOf(jpeg);
    const last = scans.at(-1)!;
    const bomb = Buffer.concat([head, ...scans, ...Array.from({ length: 200 }, () => last), tail]);
    const error = await failure(platform.decodeImage(bomb));
    expect(error.message).toMatch(/a progressive JPEG of more than 200 scans/);
    expect((await platform.decodeImage(jpeg)).width).toBe(48);
  });

  test('what looks like scans behind the end does not count', async () => {
    const jpeg = await sharp(picture('quarters.png')).jpeg({ progressive: true }).toBuffer();
    const noise = Buffer.alloc(2000).fill(Buffer.from([0xff, 0xda]));
    expect((await platform.decodeImage(Buffer.concat([jpeg, noise]))).width).toBe(48);
  });
});

describe('decodes at once', () => {
  /** Work that ends when it is told to. */
  function work() {
    const started: number[] = [];
    const enders: (() => void)[] = [];
    const start = (index: number) => () => {
      started.push(index);
      return new Promise<number>((resolve) => {
        enders[index] = () => {
          resolve(index);
        };
      });
    };
    return { started, enders, start };
  }
  const limits = { maxConcurrentDecodes: 2, imageTimeoutMs: 60_000 };

  test('are bounded; the others wait in their order', async () => {
    const queue = new DecodeQueue(limits);
    const { started, enders, start } = work();
    const all = [0, 1, 2, 3].map((index) => queue.run('a', start(index)));
    await wait(1);
    expect(started).toEqual([0, 1]);
    enders[1]!();
    await wait(1);
    expect(started).toEqual([0, 1, 2]);
    enders[0]!();
    await wait(1);
    enders[2]!();
    enders[3]!();
    expect(await Promise.all(all)).toEqual([0, 1, 2, 3]);
  });

  test('one whose time is over keeps its place until it has ended', async () => {
    const queue = new DecodeQueue({ maxConcurrentDecodes: 1, imageTimeoutMs: 5 });
    const { started, enders, start } = work();
    expect((await failure(queue.run('a', start(0)))).message).toMatch(/timeout/);
    const next = queue.run('b', () => Promise.resolve(1));
    await wait(20);
    expect(started).toEqual([0]);
    enders[0]!();
    expect(await next).toBe(1);
  });

  test('one that waits and is aborted leaves, and what fails passes its place on', async () => {
    const queue = new DecodeQueue({ ...limits, maxConcurrentDecodes: 1 });
    const { enders, start } = work();
    const first = queue.run('a', start(0));
    const controller = new AbortController();
    const waiting = failure(queue.run('b', start(1), controller.signal));
    const failing = failure(queue.run('c', () => Promise.reject(new Error('damaged'))));
    const last = queue.run('d', () => Promise.resolve('done'));
    controller.abort('enough');
    expect(await waiting).toBe('enough');
    enders[0]!();
    await first;
    expect((await failing).message).toBe('damaged');
    expect(await last).toBe('done');
  });
});
