import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodePlatform } from '../../../src/adapters/node/index.js';
import { failure, type Failure, picture } from './support.js';

const platform = nodePlatform();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'captioneer-pictures-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** Writes a file and tells what reading it as a picture throws. */
async function failureOf(name: string, content: string | Uint8Array): Promise<Failure> {
  const path = join(folder, name);
  await writeFile(path, content);
  const error = await failure(platform.decodeImage(path));
  expect(error.message).toContain(path);
  expect(error.source).toBe(path);
  return error;
}

describe('files that cannot be read', () => {
  test('a missing file', async () => {
    const error = await failure(platform.decodeImage(join(folder, 'nowhere.jpg')));
    expect(error.name).toBe('ImageUnreadableError');
    expect(error.source).toBe(join(folder, 'nowhere.jpg'));
    expect(error.message).toMatch(/nowhere\.jpg: the file does not exist\. Check the path/);
    expect(error.cause.code).toBe('ENOENT');
  });

  test('a folder', async () => {
    const error = await failure(platform.decodeImage(folder));
    expect(error.name).toBe('ImageUnreadableError');
    expect(error.message).toMatch(/a folder, not a file/);
  });

  test('an empty file', async () => {
    const error = await failureOf('empty.jpg', '');
    expect(error.name).toBe('ImageUnreadableError');
    expect(error.message).toMatch(/empty \(0 bytes\)/);
  });

  test('a file larger than allowed', async () => {
    const error = await failure(nodePlatform({ limits: { maxImageBytes: 100 } }).decodeImage(picture('quarters.jpg')));
    expect(error.name).toBe('ImageUnreadableError');
    expect(error.message).toMatch(/larger than the 100 bytes allowed/);
  });
});

describe('files that are no pictures', () => {
  test.each([
    ['text', 'This is not a picture.'],
    ['a web page', '<!DOCTYPE html><html><body>404</body></html>'],
    ['an SVG drawing', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'],
    ['an SVG drawing', '<?xml version="1.0"?>\n<!-- drawn -->\n<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['a Git LFS pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:0'],
    ['a PDF document', '%PDF-1.7\n'],
    ['a JPEG XL image', Buffer.from('ff0a0000', 'hex')],
    ['a JPEG 2000 image', Buffer.from('0000000c6a5020200d0a870a', 'hex')],
    ['a Photoshop file', Buffer.from('8BPS\0\x01')],
    ['a GIMP file', Buffer.from('gimp xcf v011')],
    ['an OpenEXR image', Buffer.from('762f310102000000', 'hex')],
    ['a Radiance image', Buffer.from('#?RADIANCE\n')],
    ['a Netpbm image', Buffer.from('P6\n2 2\n255\n')],
    ["a camera's raw photo", Buffer.from('FUJIFILMCCD-RAW 0201')],
    ["a camera's raw photo", Buffer.from('49495500180000008899', 'hex')],
    ["a camera's raw photo", Buffer.from('0000001866747970637278200000000163727820', 'hex')],
    ['an icon (ICO)', Buffer.from('0000010001001010', 'hex')],
    ['a video', Buffer.from('000000186674797069736f6d0000020069736f6d', 'hex')],
  ])('%s', async (what, content) => {
    const error = await failureOf('photo.jpg', content);
    expect(error.name).toBe('ImageUnreadableError');
    expect(error.message).toContain(`this is ${what}`);
    expect(error.message).toMatch(/Give a JPEG, PNG, WebP, GIF, AVIF or TIFF image\.$/);
  });

  test('a Windows bitmap', async () => {
    const error = await failure(platform.decodeImage(picture('quarters.bmp')));
    expect(error.message).toContain('this is a Windows bitmap (BMP)');
  });

  test('noise', async () => {
    const error = await failureOf('noise.jpg', new Uint8Array(1000).fill(7));
    expect(error.message).toMatch(/in no known image format/);
  });

  test('a few bytes', async () => {
    for (const length of [1, 2, 3, 8, 11]) {
      const error = await failureOf('stub.png', (await readFile(picture('quarters.png'))).subarray(0, length));
      expect(error.name).toBe('ImageUnreadableError');
    }
  });
});

describe('damaged pictures', () => {
  // The same noise each time.
  const noise = Uint8Array.from({ length: 120 * 90 * 3 }, (_, at) => 64 + (((at * 2_654_435_761) >>> 13) & 127));
  const noisy = sharp(noise, { raw: { width: 120, height: 90, channels: 3 } });
  const encoded = {
    jpg: () => noisy.clone().jpeg().toBuffer(),
    'progressive.jpg': () => noisy.clone().jpeg({ progressive: true }).toBuffer(),
    png: () => noisy.clone().png().toBuffer(),
    webp: () => noisy.clone().webp().toBuffer(),
    gif: () => noisy.clone().gif().toBuffer(),
  };

  test.each(Object.keys(encoded) as (keyof typeof encoded)[])('a %s cut short', async (extension) => {
    const bytes = await encoded[extension]();
    for (const part of [0.5, 0.95]) {
      const error = await failureOf(`cut.${extension}`, bytes.subarray(0, Math.floor(bytes.length * part)));
      expect(error.name).toBe('ImageUnreadableError');
      expect(error.message).toMatch(/the image is cut short/);
    }
  });

  test.each([
    ['tif', () => noisy.clone().tiff({ compression: 'lzw' }).toBuffer()],
    ['avif', () => noisy.clone().avif({ effort: 0 }).toBuffer()],
  ])('half a %s', async (extension, encode) => {
    const bytes = await encode();
    const error = await failureOf(`cut.${extension}`, bytes.subarray(0, bytes.length / 2));
    expect(error.name).toBe('ImageUnreadableError');
    expect(error.message).toMatch(/the image is (cut short|damaged)/);
  });

  test('a progressive or plain JPEG that lacks only its end marker is read', async () => {
    for (const extension of ['jpg', 'progressive.jpg'] as const) {
      const bytes = await encoded[extension]();
      expect(await platform.decodeImage(bytes.subarray(0, -2))).toEqual(await platform.decodeImage(bytes));
      expect(await platform.decodeImage(bytes.subarray(0, -1))).toEqual(await platform.decodeImage(bytes));
    }
  });

  test('an end marker does not make a cut JPEG whole', async () => {
    for (const extension of ['jpg', 'progressive.jpg'] as const) {
      const bytes = await encoded[extension]();
      const cut = Buffer.concat([bytes.subarray(0, bytes.length * 0.6), Buffer.from('ffd9', 'hex')]);
      expect((await failureOf('ended.jpg', cut)).message).toMatch(/the image is cut short \(.*premature end/);
    }
  });

  test.each(['jpg', 'gif'] as const)(
    'a %s with zeros among its pixels, of which the decoder only warns',
    async (extension) => {
      const bytes = Buffer.from(await encoded[extension]());
      bytes.fill(0, Math.floor(bytes.length * 0.6), Math.floor(bytes.length * 0.7));
      const error = await failureOf(`holes.${extension}`, bytes);
      expect(error.message).toMatch(/the image is (damaged|cut short) \(.*(Huffman code|premature end|frame data)/);
    },
  );

  test('what is merely not supported is not called damaged', async () => {
    const file = await readFile(picture('quarters.tif'));
    const at = file.indexOf(Buffer.from([0x03, 0x01, 0x03, 0x00])); // the field of compression
    file.writeUInt16LE(34_925, at + 8); // LZMA, which the decoder is built without
    const error = await failureOf('lzma.tif', file);
    expect(error.message).not.toMatch(/download/);
    expect(error.message).toMatch(/Save it as JPEG or PNG/);
  });

  test('a good picture decodes after a bad one', async () => {
    const bytes = await readFile(picture('quarters.jpg'));
    await failure(platform.decodeImage(bytes.subarray(0, 500)));
    expect((await platform.decodeImage(bytes)).width).toBe(48);
  });

  test('bytes after the end do no harm', async () => {
    const bytes = Buffer.concat([await readFile(picture('quarters.jpg')), Buffer.alloc(100)]);
    expect((await platform.decodeImage(bytes)).width).toBe(48);
  });
});

describe('pictures that are too large', () => {
  /** Only as much of a PNG as states its size. */
  function pngHeader(width: number, height: number): Buffer {
    const bytes = Buffer.from('89504e470d0a1a0a0000000d4948445200000000000000000802000000', 'hex');
    bytes.writeUInt32BE(width, 16);
    bytes.writeUInt32BE(height, 20);
    const crc = Buffer.alloc(4);
    crc.writeUInt32BE(crc32(bytes.subarray(12)));
    return Buffer.concat([bytes, crc, Buffer.from('0000010049444154', 'hex'), Buffer.alloc(256)]);
  }

  function crc32(bytes: Uint8Array): number {
    let crc = ~0;
    for (const byte of bytes) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
    return ~crc >>> 0;
  }

  test('a header of 30000×30000', async () => {
    const error = await failureOf('huge.png', pngHeader(30_000, 30_000));
    expect(error.name).toBe('ImageTooLargeError');
    expect(error).toMatchObject({ pixels: 900_000_000, maxPixels: 67_108_864 });
    expect(error.message).toMatch(/30000×30000 .* Shrink the image, or raise maxPixels/);
  });

  test('above maxPixels, and just within', async () => {
    const error = await failure(platform.decodeImage(picture('quarters.jpg'), { maxPixels: 48 * 32 - 1 }));
    expect(error).toMatchObject({ name: 'ImageTooLargeError', pixels: 1536, maxPixels: 1535 });
    expect((await platform.decodeImage(picture('quarters.jpg'), { maxPixels: 48 * 32 })).width).toBe(48);
  });

  test('only the first frame counts', async () => {
    expect((await platform.decodeImage(picture('animated.gif'), { maxPixels: 64 })).height).toBe(8);
  });

  test('the limit may be infinite', async () => {
    expect((await platform.decodeImage(picture('quarters.jpg'), { maxPixels: Infinity })).width).toBe(48);
  });
});

describe('options out of range', () => {
  test.each([
    ['maxPixels', { maxPixels: 0 }],
    ['maxPixels', { maxPixels: NaN }],
    ['timeoutMs', { timeoutMs: -1 }],
    ['background', { background: [0, 0, 256] as const }],
    ['background', { background: [0, 0] as never }],
    ['background', { background: '#fff' as never }],
    ['fetch', { fetch: 'fetch' as never }],
    ['signal', { signal: new AbortController() as never }],
  ])('%s', async (argument, options) => {
    const error = await failure(platform.decodeImage(picture('quarters.jpg'), options));
    expect(error).toMatchObject({ name: 'InvalidArgumentError', argument });
  });

  test('of the platform', () => {
    expect(() => nodePlatform({ limits: { maxImageBytes: 0 } })).toThrow(
      /limits.maxImageBytes must be a number above 0/,
    );
  });
});
