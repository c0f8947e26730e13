import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished } from 'vitest';
import { launchChromium, whyNoBrowser } from './chromium.js';
import { bundle, FOLDERS, html, Site } from './site.js';

/** What the tests of a file share. */
export interface Setting {
  /** What keeps files apart from those of other contexts; it lives as long as the test. */
  newContext(): Promise<BrowserContext>;
  /**
   * A page, by default that of `page.mjs`: `captioneer`, `testing` and the helpers are globals in it. It lives as long as the test,
   * and may print nothing.
   */
  open(where?: { readonly context?: BrowserContext; readonly url?: string }): Promise<Page>;
  /** Such a page that all tests share. */
  shared(): Promise<Page>;
  /** Where the pages are by default. */
  site(): Site;
}

/**
 * Tests in Chromium; skipped, with the reason, if there is none.
 *
 * @param options `args`: further arguments of its command; `files`: further files of the site
 */
export function describeInBrowser(
  name: string,
  define: (setting: Setting) => void,
  options: { readonly args?: readonly string[]; readonly files?: Readonly<Record<string, Uint8Array>> } = {},
): void {
  const title = whyNoBrowser === undefined ? name : `${name} (${whyNoBrowser})`;
  describe.skipIf(whyNoBrowser !== undefined)(title, () => {
    let browser: Browser;
    let site: Site;
    let page: Promise<OpenPage> | undefined;
    beforeAll(async () => {
      const files = { '/': html(), ...(await bundle('test/browser/page.mjs')), ...options.files };
      site = await Site.start({ files, folders: FOLDERS });
      browser = await launchChromium(options.args);
    });
    afterAll(async () => {
      await (await page)?.close();
      await browser.close();
      await site.stop();
    });
    define({
      newContext: async () => {
        const context = await browser.newContext();
        onTestFinished(() => context.close());
        return context;
      },
      open: async ({ context = browser, url = site.url } = {}) => {
        const { page: opened, close } = await openPage(context, url);
        onTestFinished(close);
        return opened;
      },
      shared: async () => (await (page ??= openPage(browser, site.url))).page,
      site: () => site,
    });
  });
}

/** A page of the browser. */
interface OpenPage {
  readonly page: Page;
  /** Closes it; throws where it has printed anything. */
  close(): Promise<void>;
}

/** Opens a page in which `captioneer` comes to be a global. */
async function openPage(opener: Browser | BrowserContext, url: string): Promise<OpenPage> {
  const page = await opener.newPage();
  const printed: string[] = [];
  page.on('console', (message) => printed.push(message.text()));
  page.on('pageerror', (error) => printed.push(String(error)));
  await page.goto(url);
  await page.waitForFunction(() => 'captioneer' in globalThis);
  return {
    page,
    async close() {
      await page.close();
      // What the browser itself notes of requests that fail, and of graphics adapters, is not the library's.
      expect(printed.filter((text) => !/^(Failed to load resource|No available adapters)/.test(text))).toEqual([]);
    },
  };
}
