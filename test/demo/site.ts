import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, Site } from '../browser/site.js';

/** The demo, built as `npm run demo:build` does, on a static server. Its policy is the one in the page itself. */
export interface DemoSite {
  readonly url: string;
  /** Paths that were asked for. */
  readonly asked: readonly string[];
  /** Takes the server away; what was built stays. */
  stop(): Promise<void>;
  /** Serves what was built once more, under the same address. */
  restart(): Promise<void>;
  /** Stops the server and removes what was built. */
  remove(): Promise<void>;
}

/** Builds the demo into a temporary folder and serves it. */
export async function startDemo(): Promise<DemoSite> {
  const outDir = mkdtempSync(join(tmpdir(), 'captioneer-demo-'));
  // In a process of its own: the tests' environment is not that of a build for production.
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  const build = [
    vite,
    'build',
    '--config',
    'demo/vite.config.ts',
    '--outDir',
    outDir,
    '--emptyOutDir',
    '--logLevel',
    'error',
  ];
  execFileSync(process.execPath, build, {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: 'inherit',
  });
  const options = {
    files: { '/': readFileSync(join(outDir, 'index.html'), 'utf8') },
    folders: { '/': outDir },
    headers: { 'content-security-policy': '' },
  };
  let site = await Site.start(options);
  const { url, asked } = site;
  return {
    url,
    asked,
    stop: () => site.stop(),
    restart: async () => {
      site = await Site.start({ ...options, port: Number(new URL(url).port) });
    },
    remove: async () => {
      await site.stop().catch(() => undefined);
      rmSync(outDir, { recursive: true, force: true });
    },
  };
}
