import type { Browser, ElementHandle, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { heatRange } from '../demo/heat-range.js';
import { startDemo, type DemoSite } from '../demo/site.js';
import { expectCaptionsOfNode } from './captions-as-node.js';
import { LONGEST_WAIT_MS } from './chromium.js';
import { launchFirefox, whyNoFirefox } from './firefox.js';
import { bundle, FOLDERS, html, Site } from './site.js';

const title = whyNoFirefox === undefined ? 'Firefox' : `Firefox (${whyNoFirefox})`;

describe.skipIf(whyNoFirefox !== undefined)(title, () => {
  let browser: Browser;
  let demo: DemoSite;
  beforeAll(async () => {
    demo = await startDemo();
    browser = await launchFirefox();
  });
  afterAll(async () => {
    await browser.close();
    await demo.stop();
  });

  /** A page in a context of its own, which may print no error. */
  async function open(url: string): Promise<Page> {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    page.setDefaultTimeout(LONGEST_WAIT_MS);
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    onTestFinished(async () => {
      await context.close();
      expect(errors).toEqual([]);
    });
    await page.goto(url);
    return page;
  }

  test('captions as Node does', async () => {
    const site = await Site.start({
      files: { '/': html(), ...(await bundle('test/browser/page.mjs')) },
      folders: FOLDERS,
    });
    onTestFinished(() => site.stop());
    const page = await open(site.url);
    await page.waitForFunction(() => 'captioneer' in globalThis);
    await expectCaptionsOfNode((run, names) => page.evaluate(run, names));
  });

  test('the demo captions an image, shows where the model looked, and works without a network', async () => {
    const page = await open(demo.url);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    const online = await captionOf(page, 'cat.jpg');
    expect(online).toMatch(/\bcat\b.*\.$/i);
    await page.hover('.word:nth-child(2)');
    await page.waitForSelector('[data-testid=heat-map].shown');
    expect(await page.evaluate(heatRange)).toBeGreaterThan(50);
    await demo.stop();
    try {
      await page.reload();
      expect(await captionOf(page, 'cat.jpg')).toBe(online);
    } finally {
      await demo.restart();
    }
  });
});

/** Gives the demo an image, as the dialog of "Choose images" does, and reads its caption. */
async function captionOf(page: Page, name: string): Promise<string> {
  const input = (await page.waitForSelector('[data-testid=files]')) as ElementHandle<HTMLInputElement>;
  await input.uploadFile(`${FOLDERS['/images/']}/${name}`);
  await page.waitForSelector('.result .confidence, .result .timing');
  const text = await page.$eval('[data-testid=caption]', (element) => element.textContent);
  return text.replace(/\s+/g, ' ').trim();
}
