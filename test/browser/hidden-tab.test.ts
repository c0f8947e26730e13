import type { Browser } from 'puppeteer-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Captioner } from '../../src/index.js';
import { launchChromiumByPuppeteer, LONGEST_WAIT_MS, whyNoBrowser } from './chromium.js';
import { launchFirefox, whyNoFirefox } from './firefox.js';
import type { TestPage } from './page-helpers.js';
import { bundle, FOLDERS, html, Site } from './site.js';

declare const captioneer: TestPage['captioneer'];

const BROWSERS: readonly [name: string, why: string | undefined, launch: () => Promise<Browser>][] = [
  ['Chromium', whyNoBrowser, launchChromiumByPuppeteer],
  ['Firefox', whyNoFirefox, launchFirefox],
];

// Tabs are driven by Puppeteer here: under Playwright no page is ever hidden.
describe.each(BROWSERS)('a tab in the background of %s', (_, why, launch) => {
  test.skipIf(why !== undefined)('captions all the same', async () => {
    const site = await Site.start({
      files: { '/': html(), ...(await bundle('test/browser/page.mjs')) },
      folders: FOLDERS,
    });
    onTestFinished(() => site.stop());
    const browser = await launch();
    onTestFinished(() => browser.close());
    const page = await browser.newPage();
    page.setDefaultTimeout(LONGEST_WAIT_MS);
    await page.goto(site.url);
    await page.waitForFunction(() => 'captioneer' in globalThis);
    await (await browser.newPage()).bringToFront();
    const found = await page.evaluate(async () => {
      const before = document.visibilityState;
      const captioner = await captioneer.Captioner.load('/models/vit-gpt2-a3ds/', {
        runtime: { wasmUrl: '/runtime/ort-wasm-simd-threaded.wasm' },
      });
      const { text } = await captioner.caption('/images/coffee.jpg');
      await captioner.dispose();
      return { text, states: [before, document.visibilityState] };
    });
    expect(found.states).toEqual(['hidden', 'hidden']);
    await using captioner = await Captioner.load(`${FOLDERS['/models/']}/vit-gpt2-a3ds`);
    expect(found.text).toBe((await captioner.caption(`${FOLDERS['/images/']}/coffee.jpg`)).text);
  });
});
