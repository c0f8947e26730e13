import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, Site } from '../browser/site.js';
import { once } from '../once.js';

/** The demo, built as `npm run demo:build` does, on a static server. Its policy is the one in the page itself. */
export interface DemoSite {
  readonly url: string;
  /** Where the built files are. */
  readonly folder: string;
  /** Paths that were asked for. */
  readonly asked: readonly string[];
  /** Takes the server away. */
  stop(): Promise<void>;
  /** Serves the demo once more, under the same address. */
  restart(): Promise<void>;
}

/** Serves the demo, which all test files build once. */
export async function startDemo(): Promise<DemoSite> {
  const outDir = await once('demo', buildDemo);
  const options = {
    files: { '/': readFileSync(join(outDir, 'index.html'), 'utf8') },
    folders: { '/': outDir },
    headers: { 'content-security-policy': '' },
    kept: ['.wasm'],
  };
  let site = await Site.start(options);
  const { url, asked } = site;
  return {
    url,
    folder: outDir,
    asked,
    stop: () => site.stop(),
    restart: async () => {
      site = await Site.start({ ...options, port: Number(new URL(url).port) });
    },
  };
}

/** In a process of its own: the tests' environment is not that of a build for production. */
function buildDemo(outDir: string): void {
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  const options = ['--config', 'demo/vite.config.ts', '--outDir', outDir, '--emptyOutDir', '--logLevel', 'error'];
  execFileSync(process.execPath, [vite, 'build', ...options], {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: 'inherit',
  });
}
