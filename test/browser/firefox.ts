import puppeteer, { type Browser } from 'puppeteer-core';
import { LONGEST_WAIT_MS } from './chromium.js';
import { findCommand, whyMissing } from './installed.js';

const executablePath = findCommand('firefox-esr', 'firefox');

/** Why tests that need Firefox are skipped; undefined if there is one. */
export const whyNoFirefox = whyMissing(executablePath, 'Firefox', 'firefox-esr');

/** Starts Firefox with a new profile, driven over WebDriver BiDi. */
export function launchFirefox(): Promise<Browser> {
  return puppeteer.launch({
    browser: 'firefox',
    executablePath: executablePath!,
    headless: true,
    timeout: LONGEST_WAIT_MS,
  });
}
