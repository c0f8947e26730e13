import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
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

/** Path of the machine's Chromium; undefined where it has none. */
const executablePath = findChromium();

/**
 * Why tests that need Chromium are skipped: undefined where there is one. On CI a missing one is an error, so that nobody takes
 * tests that did not run for tests that passed.
 */
export const whyNoBrowser =
  executablePath === undefined
    ? 'no Chromium on this machine: install it (apt-get install chromium) to run these tests'
    : undefined;
if (whyNoBrowser !== undefined) {
  if (process.env.CI) throw new Error(whyNoBrowser);
  console.warn(`Skipped: ${whyNoBrowser}.`);
}

/** @param args further ones */
export function launchChromium(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: executablePath!, args: [...ARGUMENTS, ...args] });
}

function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
