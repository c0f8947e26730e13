import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { nodePlatform } from '../../../src/adapters/node/index.js';
import { colourAt, failure, picture, serve } from './support.js';

const platform = nodePlatform();
const bytes = await readFile(picture('quarters.png'));
const expected = await platform.decodeImage(bytes);

describe('a Response', () => {
  test('of fetch', async () => {
    const server = await serve((_request, response) => response.end(bytes));
    expect(await platform.decodeImage(await fetch(server.url))).toEqual(expected);
  });

  test('with an error status', async () => {
    const error = await failure(platform.decodeImage(new Response('no', { status: 404 })));
    expect(error).toMatchObject({ name: 'FetchError', status: 404 });
  });

  test('that has been read', async () => {
    const response = new Response(bytes);
    await response.arrayBuffer();
    const error = await failure(platform.decodeImage(response));
    expect(error).toMatchObject({ name: 'ImageUnreadableError' });
    expect(error.message).toMatch(/Give one that is open and that nobody else reads/);
  });

  test('larger than allowed', async () => {
    const limited = nodePlatform({ limits: { maxImageBytes: 50 } });
    expect((await failure(limited.decodeImage(new Response(bytes)))).message).toMatch(/larger than the 50 bytes/);
  });
});

describe('an instance of sharp', () => {
  test('is what its pipeline gives, and can be used again', async () => {
    const image = sharp(bytes).resize(24, 16, { kernel: 'nearest' });
    const { width, height } = await platform.decodeImage(image);
    expect([width, height]).toEqual([24, 16]);
    expect((await image.png().toBuffer()).length).toBeGreaterThan(0);
  });

  test('is turned upright', async () => {
    const image = await platform.decodeImage(sharp(picture('orientation-6.png')));
    expect(image.width).toBe(48);
    expect(colourAt(image, 25, 25)).toEqual([255, 0, 0]);
  });

  test('in grey, with alpha, in inks', async () => {
    const grey = await platform.decodeImage(sharp(picture('grey.png')));
    expect(colourAt(grey, 25, 25)).toEqual([76, 76, 76]);
    const alpha = await platform.decodeImage(sharp(picture('alpha.png')), { background: [0, 0, 255] });
    expect(colourAt(alpha, 85, 50)).toEqual([0, 0, 255]);
  });

  test('too large, or of what cannot be read', async () => {
    const limits = { maxPixels: 100 };
    expect(await failure(platform.decodeImage(sharp(bytes), limits))).toMatchObject({ name: 'ImageTooLargeError' });
    const error = await failure(platform.decodeImage(sharp(Buffer.from('no image'))));
    expect(error).toMatchObject({ name: 'ImageUnreadableError', source: 'sharp' });
  });
});

describe('decoded pixels', () => {
  const { data, width, height } = expected;

  test.each([
    ['of sharp, with their info', { data: data as Uint8Array, info: { width, height, channels: 3 as const } }],
    ['with the shape of an array', { data, shape: [height, width, 3] }],
    ["in Jimp's bitmap", { bitmap: { data, width, height } } as never],
  ])('%s', async (_what, source) => {
    expect(await platform.decodeImage(source)).toEqual(expected);
  });

  test('of sharp, encoded', async () => {
    const output = await sharp(bytes).png().toBuffer({ resolveWithObject: true });
    expect(await platform.decodeImage(output as never)).toEqual(expected);
  });

  test.each([
    ['a shape of one side', { data, shape: [data.length] }],
    ['a shape that does not fit', { data, shape: [height, width, 4] }],
    ['an empty shape', { data, shape: [] }],
  ])('%s is refused', async (_what, source) => {
    expect(await failure(platform.decodeImage(source))).toMatchObject({ name: 'InvalidArgumentError' });
  });

  test('a shape of two sides is grey', async () => {
    const image = await platform.decodeImage({ data: Uint8Array.from([1, 2, 3, 4, 5, 6]), shape: [2, 3] });
    expect(image).toEqual({ width: 3, height: 2, data: Uint8Array.from([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 6]) }); // prettier-ignore
  });
});

describe('the limit on bytes', () => {
  const limited = nodePlatform({ limits: { maxImageBytes: bytes.length - 1 } });
  const exact = nodePlatform({ limits: { maxImageBytes: bytes.length } });
  const dataUrl = `data:image/png;base64,${bytes.toString('base64')}`;

  test.each([
    ['a Buffer', bytes],
    ['an ArrayBuffer', Uint8Array.from(bytes).buffer],
    ['a Blob', new Blob([bytes])],
    ['a data URL', dataUrl],
    [
      'a data URL without base64',
      `data:image/png,${[...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')}`,
    ],
  ])('counts for %s', async (_what, source) => {
    expect((await failure(limited.decodeImage(source))).message).toMatch(/larger than the \d+ bytes allowed/);
    expect(await exact.decodeImage(source)).toEqual(expected);
  });

  test('of a data URL is checked before it is decoded', async () => {
    const small = nodePlatform({ limits: { maxImageBytes: 10 } });
    expect((await failure(small.decodeImage(`data:image/png;base64,${'!'.repeat(100_000)}`))).message).toMatch(
      /larger/,
    );
  });
});

describe('texts that are no paths', () => {
  test.each(['quarters.jpg', 'quarters.png', 'quarters.gif', 'quarters.webp', 'quarters.tif', 'quarters.avif'])(
    'base64 of %s',
    async (name) => {
      const base64 = (await readFile(picture(name))).toString('base64');
      const error = await failure(platform.decodeImage(base64));
      expect(error).toMatchObject({ name: 'InvalidArgumentError', argument: 'image' });
      expect(error.message).toMatch(/looks like base64\. Put data:image\/jpeg;base64, before it/);
      expect(error.message.length).toBeLessThan(300);
    },
  );

  test('a path as long as a book is cut in the message', async () => {
    const error = await failure(platform.decodeImage(`/photos/${'a b'.repeat(100_000)}.jpg`));
    expect(error).toMatchObject({ name: 'ImageUnreadableError' });
    expect(error.message.length).toBeLessThan(600);
  });

  test('a NUL character', async () => {
    expect(await failure(platform.decodeImage('a\0b.png'))).toMatchObject({ name: 'InvalidArgumentError' });
  });
});

describe('transparency', () => {
  /** A mark of one colour in the middle of nothing. */
  const logo = (level: number, alpha = 255, channels: 2 | 4 = 4) => {
    const data = new Uint8Array(8 * 8 * channels);
    for (const at of [27, 28, 35, 36])
      data.set([...Array.from({ length: channels - 1 }, () => level), alpha], at * channels);
    return { data, width: 8, height: 8, channels };
  };

  test.each([
    ['a white logo is on black', logo(255), 255, 0],
    ['a nearly white logo too', logo(250), 250, 0],
    ['a grey and white one too', logo(255, 255, 2), 255, 0],
    ['a black logo is on white', logo(0), 0, 255],
    ['nothing at all is white', logo(255, 0), 255, 255],
  ])('%s', async (_what, source, mark, ground) => {
    const image = await platform.decodeImage(source);
    expect([colourAt(image, 50, 50)[0], colourAt(image, 5, 5)[0]]).toEqual([mark, ground]);
  });

  test('a background that is given stays', async () => {
    const image = await platform.decodeImage(logo(255), { background: [255, 255, 255] });
    expect(new Set(image.data)).toEqual(new Set([255]));
  });

  test('from a file', async () => {
    const { data, width, height, channels } = logo(255);
    const file = await sharp(data, { raw: { width, height, channels } }).png().toBuffer();
    expect(colourAt(await platform.decodeImage(file), 5, 5)).toEqual([0, 0, 0]);
  });
});
