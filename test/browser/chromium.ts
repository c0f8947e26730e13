import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import puppeteer, { type Browser as PuppeteerBrowser } from 'puppeteer-core';
import { findCommand, whyMissing } from './installed.js';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // The optimising compiler takes longer for the runtime's 12 MB of WebAssembly than a page here computes.
  // Screenshots show times, which are to be those of a browser as it comes.
  ...(process.env.DEMO_SCREENSHOTS === undefined ? ['--js-flags=--liftoff-only'] : []),
];

/** With these a page has WebGPU on any machine: on an adapter that computes on the processor, slowly. */
export const SOFTWARE_GPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

const executablePath = findCommand('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable');

/** Why tests that need Chromium are skipped; undefined if there is one. */
export const whyNoBrowser = whyMissing(executablePath, 'Chromium', 'chromium');

/** How long a page of a busy machine may take for anything. */
export const LONGEST_WAIT_MS = 120_000;

/** @param args further ones */
export async function launchChromium(args: readonly string[] = []): Promise<Browser> {
  const options = { executablePath: executablePath!, args: [...ARGUMENTS, ...args], timeout: LONGEST_WAIT_MS };
  const browser = await chromium.launch(options);
  browser.on('context', (context) => context.setDefaultTimeout(LONGEST_WAIT_MS));
  return browser;
}

/** Waits until a page has drawn itself: Chromium drops keys that are pressed before. */
export async function drawn(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

/** Chromium with an extension, which only a profile of its own can have. */
export function launchWithExtension(extension: string, profile: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profile, {
    executablePath: executablePath!,
    ignoreDefaultArgs: ['--disable-extensions'],
    args: [
      ...ARGUMENTS,
      `--disable-extensions-except=${extension}`,
      `--load-extension=${extension}`,
      '--disable-features=DisableLoadExtensionCommandLineSwitch',
    ],
  });
}

/** The same browser by the library that drives Firefox, too. */
export function launchChromiumByPuppeteer(): Promise<PuppeteerBrowser> {
  return puppeteer.launch({
    executablePath: executablePath!,
    headless: true,
    args: [...ARGUMENTS],
    timeout: LONGEST_WAIT_MS,
  });
}
