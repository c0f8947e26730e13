import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { hubOfTest } from '../hub/hub-of-test.js';
import { answerAsHub, caption, choose, describeDemo, example, loadFromHub, NO_SERVICE_WORKER } from './support.js';

/** The first bytes of what an iPhone writes. */
const HEIC = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic'), Buffer.alloc(200)]);

function file(name: string, mimeType: string, buffer: Buffer): { name: string; mimeType: string; buffer: Buffer } {
  return { name, mimeType, buffer };
}

/** What the page says has gone wrong. */
function complaint(page: Page): Promise<string> {
  return page.locator('[role=alert]').first().innerText();
}

/** The page still captions an image. */
async function expectUsable(page: Page): Promise<void> {
  await choose(page, example('cat.jpg'));
  expect(await caption(page)).toMatch(/\bcat\b/);
}

describeDemo('bad input to the demo', ({ open }) => {
  test.each([
    [
      'a file that is not an image',
      () => file('notes.jpg', 'image/jpeg', Buffer.from('hello')),
      /cannot be read as an image/,
    ],
    ['a HEIC photo', () => file('IMG_1.HEIC', 'image/heic', HEIC), /cannot read HEIC.*JPEG/],
    [
      'an image of 12,000 × 12,000 pixels',
      async () => {
        const create = { width: 12_000, height: 12_000, channels: 3, background: 'teal' } as const;
        return file('huge.png', 'image/png', await sharp({ create }).png({ compressionLevel: 1 }).toBuffer());
      },
      /too many pixels/,
    ],
  ])('%s', async (_, make, expected) => {
    const page = await open();
    await page.setInputFiles('[data-testid=files]', await make());
    expect(await complaint(page)).toMatch(expected);
    await expectUsable(page);
  });

  test('a file that is left out is named', async () => {
    const page = await open();
    await page.setInputFiles('[data-testid=files]', file('a.pdf', 'application/pdf', Buffer.from('%PDF')));
    expect(await page.innerText('.left-out')).toBe('1 of 1 file is not an image and was left out.');
  });

  test('a model whose file is damaged, and one whose download breaks, load after "Try again"', async () => {
    let fault: 'damaged' | 'cut' | 'no runtime' | undefined = 'damaged';
    const page = await open(NO_SERVICE_WORKER, async (opened) => {
      await opened.context().route('**/default-*/decoder.onnx', async (route) => {
        if (fault === 'cut') return route.abort('connectionreset');
        const response = await route.fetch();
        const body = await response.body();
        if (fault === 'damaged') body[body.length - 1]! ^= 1;
        return route.fulfill({ response, body });
      });
      await opened
        .context()
        .route('**/*.wasm', (route) => (fault === 'no runtime' ? route.abort('connectionreset') : route.continue()));
    });
    expect(await complaint(page)).toMatch(/A file of the model is damaged/);
    fault = 'cut';
    await page.click('.model-state button');
    await page.waitForSelector('text=The download stopped. Check the network, then try again.');
    fault = 'no runtime';
    await page.click('.model-state button');
    await page.waitForSelector('text=The program that runs the models could not be loaded.');
    fault = undefined;
    await page.click('.model-state button');
    await expectUsable(page);
  });

  test('a download that is cancelled stays cancelled, with images that wait for it, and begins again when it is wanted', async () => {
    let isSlow = true;
    const page = await open(NO_SERVICE_WORKER, (opened) =>
      // A route that does nothing is a download that never ends.
      opened.context().route('**/default-*/encoder.onnx', async (route) => (isSlow ? undefined : route.continue())),
    );
    await choose(page, example('cat.jpg'), example('coffee.jpg'));
    await page.click('.model-state >> text=Cancel');
    await page.waitForSelector('.model-state >> text=Load the model');
    await page.waitForTimeout(500);
    expect(await page.locator('.model-state progress').count()).toBe(0);
    isSlow = false;
    await page.click('text=Caption this image');
    expect(await caption(page)).toMatch(/\bcat\b/);
  });

  test('a model for which the browser has no room', async () => {
    const hub = await hubOfTest();
    const page = await open(NO_SERVICE_WORKER, (opened) => answerAsHub(opened, hub));
    await choose(page, example('cat.jpg'));
    await caption(page);
    const devTools = await page.context().newCDPSession(page);
    const { origin } = new URL(page.url());
    await devTools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 20_000 });
    await loadFromHub(page, 'owner/name');
    await page.waitForSelector('.model-state >> text=This browser has no room left for the model.');
    await devTools.send('Storage.overrideQuotaForOrigin', { origin });
    await page.click('.model-state button');
    await page.waitForSelector('.model-state >> text=Ready in');
  });

  test.each([
    [
      'forbids WebAssembly',
      { policy: "script-src 'self'" },
      /does not run WebAssembly, which.*turned off, or an extension blocks it/,
    ],
    [
      'has no SIMD in its WebAssembly',
      { script: 'WebAssembly.validate = () => false;' },
      /does not run WebAssembly with SIMD.*Update it/,
    ],
  ])('a browser that %s', async (_, { policy, script = '' }: { policy?: string; script?: string }, expected) => {
    const page = await open(NO_SERVICE_WORKER, (opened) =>
      opened.context().route('**/assets/thread-*.js', async (route) => {
        const response = await route.fetch();
        const headers = { ...response.headers(), ...(policy !== undefined && { 'content-security-policy': policy }) };
        return route.fulfill({ response, headers, body: script + (await response.text()) });
      }),
    );
    expect(await complaint(page)).toMatch(expected);
    expect(await page.locator('.examples button').count()).toBe(6);
  });

  test('two hundred images at once, a second drop meanwhile, and Stop', async () => {
    const page = await open();
    const buffer = readFileSync(example('coffee.jpg'));
    const many = Array.from({ length: 200 }, (_, index) => file(`${index}.jpg`, 'image/jpeg', buffer));
    await page.setInputFiles('[data-testid=files]', many);
    await caption(page);
    await choose(page, example('cat.jpg'));
    expect(await caption(page)).toMatch(/\bcat\b/);
    expect(await page.locator('.gallery li').count()).toBe(201);
    await page.click('.gallery >> text=Stop');
    await page.waitForSelector('text=Captions of 201 images');
  });

  test('a worker that dies', async () => {
    const page = await open();
    await choose(page, example('coffee.jpg'));
    await caption(page);
    await page.workers()[0]!.evaluate(() => {
      setTimeout(() => {
        throw new Error('out of memory');
      });
    });
    await expectUsable(page);
  });
});
