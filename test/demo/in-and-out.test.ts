import { readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { hubOfTest } from '../hub/hub-of-test.js';
import { answerAsHub, caption, choose, describeDemo, example, loadFromHub, NO_SERVICE_WORKER } from './support.js';

/** What a button downloads. */
async function download(page: Page, button: string): Promise<Buffer> {
  const [file] = await Promise.all([page.waitForEvent('download'), page.click(button)]);
  return readFileSync(await file.path());
}

describeDemo('what goes into the demo and comes out of it', ({ open, site }) => {
  test('an image is pasted, and one is taken from the camera', async () => {
    const page = await open({}, (opened) =>
      opened.addInitScript(() => {
        // A camera that shows a card of one colour.
        navigator.mediaDevices.getUserMedia = async () => {
          const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 });
          const context = canvas.getContext('2d')!;
          setInterval(() => {
            context.fillStyle = 'teal';
            context.fillRect(0, 0, 320, 240);
          }, 50);
          return canvas.captureStream();
        };
      }),
    );
    await page.evaluate(async () => {
      const clipboardData = new DataTransfer();
      const blob = await (await fetch('examples/cat.jpg')).blob();
      clipboardData.items.add(new File([blob], 'image.png', { type: blob.type }));
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
    });
    expect(await caption(page)).toMatch(/\bcat\b/);
    await page.click('text=Camera');
    await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0);
    await page.click('text=Take photo');
    await page.waitForSelector('.result[aria-label="Caption of camera.jpg"]');
    expect(await page.locator('video').count()).toBe(0);
    await caption(page);
    expect(await page.locator('.gallery li').count()).toBe(2);
  });

  test('the alternative text is copied as text, HTML and Markdown; captions are downloaded', async () => {
    const page = await open({ permissions: ['clipboard-read', 'clipboard-write'] });
    await choose(page, example('cat.jpg'), example('coffee.jpg'));
    const text = await caption(page);
    await page.fill('.alt-text textarea', 'My "cat" [1].');
    const copied: string[] = [];
    for (const format of ['Text', 'HTML', 'Markdown']) {
      await page.click(`text=Copy ${format}`);
      await page.waitForSelector(`text=Copied ${format}`);
      copied.push(await page.evaluate(() => navigator.clipboard.readText()));
    }
    expect(copied).toEqual([
      'My "cat" [1].',
      '<img src="cat.jpg" alt="My &quot;cat&quot; [1].">',
      '![My "cat" \\[1\\].](cat.jpg)',
    ]);
    await page.waitForSelector('text=Captions of 2 images');
    const rows = JSON.parse(String(await download(page, '.gallery >> text=JSON'))) as Record<string, unknown>[];
    expect(rows.map(({ file }) => file)).toEqual(['cat.jpg', 'coffee.jpg']);
    expect(rows[0]).toMatchObject({ model: 'default', caption: text, altText: 'My "cat" [1].' });
    const lines = String(await download(page, '.gallery >> text=CSV')).split('\r\n');
    expect(lines[1]).toBe(`cat.jpg,${text},"My ""cat"" [1]."`);
    const files = unzipSync(await download(page, '.gallery >> text=ZIP'));
    expect(Object.keys(files)).toEqual(['cat.jpg.txt', 'coffee.jpg.txt']);
    expect(new TextDecoder().decode(files['coffee.jpg.txt'])).toBe(`${rows[1]!.caption as string}\n`);
  });

  test('a model of the hub is loaded by its id', async () => {
    const hub = await hubOfTest();
    const page = await open(NO_SERVICE_WORKER, (opened) => answerAsHub(opened, hub));
    await choose(page, example('cat.jpg'));
    await caption(page);
    await loadFromHub(page, 'owner/name');
    await page.waitForSelector('.model-state >> text=Ready in');
    expect(await page.textContent('.model-note')).toContain('A model on the Hugging Face hub');
    expect(await caption(page)).not.toBe('');
    expect(hub.seen.some(({ path }) => path.includes('decoder_model_merged_quantized.onnx'))).toBe(true);
  });

  test('each model is listed with its size, quality and speed, and the page can be installed', async () => {
    const page = await open();
    const options = await page.locator('.model option').allTextContents();
    expect(options[0]).toMatch(/^Default: [\d.]+ MB, CIDEr-D 0\.\d\d$/);
    expect(options).toContainEqual(expect.stringMatching(/^ViT-GPT2: [\d.]+ MB, CIDEr-D 0\.\d\d, \d\.\d × the time$/));
    const devTools = await page.context().newCDPSession(page);
    const { installabilityErrors } = await devTools.send('Page.getInstallabilityErrors');
    // Contexts of tests are private windows.
    expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual([]);
    expect(site().asked).toContain('/app.webmanifest');
  });
});
