import { chromium, type Browser, type BrowserContext } from 'playwright-core';
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
];

/** With these a page has WebGPU on any machine: on an adapter that computes on the processor, slowly. */
export const SOFTWARE_GPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

const executablePath = findCommand('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable');

/** Why tests that need Chromium are skipped; undefined if there is one. */
export const whyNoBrowser = whyMissing(executablePath, 'Chromium', 'chromium');

/** @param args further ones */
export function launchChromium(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: executablePath!, args: [...ARGUMENTS, ...args] });
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
  return puppeteer.launch({ executablePath: executablePath!, headless: true, args: [...ARGUMENTS] });
}
