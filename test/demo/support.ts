import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, onTestFinished } from 'vitest';
import { join } from 'node:path';
import { launchChromium, whyNoBrowser } from '../browser/chromium.js';
import { ROOT } from '../browser/site.js';
import type { TestHub } from '../hub/hub-server.js';
import { startDemo, type DemoSite } from './site.js';

/** What the tests of a file share. */
interface Setting {
  readonly site: () => DemoSite;
  /** Opens the demo in a context of its own, which lives as long as the test. */
  open(options?: BrowserContextOptions, prepare?: (page: Page) => Promise<unknown>): Promise<Page>;
}

/** Tests of the built demo in Chromium; skipped, with the reason, if there is none. */
export function describeDemo(name: string, define: (setting: Setting) => void): void {
  const title = whyNoBrowser === undefined ? name : `${name} (${whyNoBrowser})`;
  describe.skipIf(whyNoBrowser !== undefined)(title, () => {
    let browser: Browser;
    let site: DemoSite;
    beforeAll(async () => {
      site = await startDemo();
      browser = await launchChromium();
    });
    afterAll(async () => {
      await browser.close();
      await site.stop();
    });
    define({
      site: () => site,
      open: async (options = {}, prepare = async () => undefined) => {
        const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
        onTestFinished(() => context.close());
        const page = await context.newPage();
        await prepare(page);
        await page.goto(site.url);
        return page;
      },
    });
  });
}

/** Requests of a page's workers are only seen by routes if no service worker answers them. */
export const NO_SERVICE_WORKER = { serviceWorkers: 'block' } as const;

/** Lets a hub answer what a page asks huggingface.co. */
export function answerAsHub(page: Page, hub: TestHub): Promise<unknown> {
  return page.context().route('https://huggingface.co/**', async (route) => {
    const { pathname, search } = new URL(route.request().url());
    const response = await route.fetch({ url: `${hub.url}${pathname}${search}` });
    const headers = response.headers();
    // The next part of a list of files.
    if (headers.link) headers.link = headers.link.replaceAll(hub.url, 'https://huggingface.co');
    return route.fulfill({ response, headers });
  });
}

/** Asks for a model by its id. */
export async function loadFromHub(page: Page, id: string): Promise<void> {
  await page.selectOption('.model select', 'hub');
  await page.fill('.hub input', id);
  await page.click('.hub >> text=Load');
}

/** Path of one of the images of the documentation, which are free. */
export function example(name: string): string {
  return join(ROOT, 'docs/images', name);
}

/** Gives the page files, as the dialog of "Choose images" does. */
export async function choose(page: Page, ...files: Parameters<Page['setInputFiles']>[1][]): Promise<void> {
  await page.setInputFiles('[data-testid=files]', files.flat() as string[]);
}

/** Drops files on the page, as a person does from a folder. */
export async function drop(page: Page, ...paths: string[]): Promise<void> {
  const transfer = await page.evaluateHandle(async (urls) => {
    const data = new DataTransfer();
    for (const url of urls) {
      const blob = await (await fetch(url)).blob();
      data.items.add(new File([blob], url.split('/').pop()!, { type: 'image/jpeg' }));
    }
    return data;
  }, paths);
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
}

/** Waits for the caption of the image on the stage, and reads it. */
export async function caption(page: Page): Promise<string> {
  await page.waitForSelector('.result .confidence, .result .timing');
  return (await page.textContent('[data-testid=caption]'))!.replace(/\s+/g, ' ').trim();
}
