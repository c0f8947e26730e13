import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { setup as setupTemporary } from '../global-setup.js';
import { Registry } from './registry.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** A registry that has captioneer and its runtimes. */
    readonly registry: string;
    /** The registry that has everything else. */
    readonly upstream: string;
  }
}

/** Packs what is published, and offers it in a registry. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const removeTemporary = setupTemporary();
  const folder = mkdtempSync(join(tmpdir(), 'captioneer-registry-'));
  const script = (name: string, ...args: string[]) =>
    execFileSync(process.execPath, [fileURLToPath(new URL(`../../scripts/${name}`, import.meta.url)), ...args]);
  script('build-if-stale.mjs', '--code');
  script('build-runtime.mjs', '--all');
  script('pack.mjs', folder, '--all');
  const registry = await Registry.start(folder);
  project.provide('registry', registry.url);
  project.provide('upstream', registry.upstream);
  return async () => {
    await registry.stop();
    rmSync(folder, { recursive: true });
    removeTemporary?.();
  };
}
