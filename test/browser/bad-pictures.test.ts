import { expect, onTestFinished, test } from 'vitest';
import type { TestPage } from './page-helpers.js';
import { FOLDERS, Site } from './site.js';
import { describeInBrowser } from './support.js';

declare const captioneer: TestPage['captioneer'];
declare const failure: TestPage['failure'];

describeInBrowser('what is not an image in a browser', ({ open }) => {
  test('each kind says what it is', async () => {
    const page = await open();
    const found = await page.evaluate(async () => {
      const decode = (source: unknown, options = {}) =>
        failure(captioneer.webPlatform({ limits: { maxImageBytes: 100_000 } }).decodeImage(source as never, options));
      const part = async (path: string, share = 0.5) => {
        const bytes = await (await fetch(path)).arrayBuffer();
        return bytes.slice(0, bytes.byteLength * share);
      };
      const bitmap = await createImageBitmap(new ImageData(2, 2));
      bitmap.close();
      const drawn = new OffscreenCanvas(10, 10);
      drawn.getContext('2d');
      /** Only as much of a PNG as states its size: 30000×30000. */
      const header = '89504e470d0a1a0a0000000d4948445200007530000075300802000000';
      const huge = Uint8Array.from(header.match(/../g)!, (pair) => Number.parseInt(pair, 16));
      return {
        missing: await decode('/pictures/none.png'),
        page: await decode('/'),
        text: await decode(new TextEncoder().encode('This is not a picture.')),
        empty: await decode(new File([], 'a.png')),
        bitmap: await decode(await (await fetch('/pictures/quarters.bmp')).blob()),
        tiff: await decode('/pictures/quarters.tif'),
        cutJpeg: await decode(await part('/pictures/quarters.jpg')),
        cutPng: await decode(await part('/pictures/quarters.png')),
        cutWebp: await decode(await part('/pictures/quarters.webp')),
        cutLate: await decode(await part('/images/cat.jpg', 0.95)),
        tooMany: await decode('/pictures/quarters.png', { maxPixels: 48 * 32 - 1 }),
        tooManyDrawn: await decode(drawn, { maxPixels: 99 }),
        huge: await decode(huge),
        tooLong: await decode(new Blob([new Uint8Array(100_001)])),
        closed: await decode(bitmap),
        broken: await decode(Object.assign(new Image(), { src: '/pictures/none.png' })),
        emptyCanvas: await decode(new OffscreenCanvas(0, 0)),
        number: await decode(7),
        nothing: await decode(''),
        protocol: await decode('ftp://127.0.0.1/a.png'),
      };
    });
    const codes = Object.fromEntries(Object.entries(found).map(([name, { code }]) => [name, code]));
    expect(codes).toEqual({
      missing: 'FETCH_FAILED',
      page: 'IMAGE_UNREADABLE',
      text: 'IMAGE_UNREADABLE',
      empty: 'IMAGE_UNREADABLE',
      bitmap: 'IMAGE_UNREADABLE',
      tiff: 'IMAGE_UNREADABLE',
      cutJpeg: 'IMAGE_UNREADABLE',
      cutPng: 'IMAGE_UNREADABLE',
      cutWebp: 'IMAGE_UNREADABLE',
      cutLate: 'IMAGE_UNREADABLE',
      tooMany: 'IMAGE_TOO_LARGE',
      tooManyDrawn: 'IMAGE_TOO_LARGE',
      huge: 'IMAGE_TOO_LARGE',
      tooLong: 'IMAGE_UNREADABLE',
      closed: 'IMAGE_UNREADABLE',
      broken: 'IMAGE_UNREADABLE',
      emptyCanvas: 'IMAGE_UNREADABLE',
      number: 'INVALID_ARGUMENT',
      nothing: 'INVALID_ARGUMENT',
      protocol: 'INVALID_ARGUMENT',
    });
    expect(found.page.message).toMatch(/this is a web page/);
    expect(found.cutPng.message).toMatch(/the image is cut short/);
  });

  test('a picture of another origin is read only with leave', async () => {
    const page = await open();
    const other = await Site.start({ folders: FOLDERS });
    onTestFinished(() => other.stop());
    const found = await page.evaluate((url) => {
      const image = Object.assign(new Image(), { src: `${url}pictures/quarters.png` });
      return failure(captioneer.webPlatform().decodeImage(image));
    }, other.url);
    expect(found).toMatchObject({ name: 'ImageUnreadableError' });
    expect(found.message).toMatch(/another origin: load that with the attribute crossorigin/);
  });
});
