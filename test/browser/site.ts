import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { once } from '../once.js';

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The strictest policy that the guide names: no `unsafe-eval`, no inline scripts, no other host but test servers. */
export const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' blob: http://127.0.0.1:*; img-src 'self' data: http://127.0.0.1:*; " +
  "worker-src 'self'";

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.jpg': 'image/jpeg',
  '.png': 'image/png',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
};

/** What a site serves. */
interface SiteOptions {
  /** Files by their paths, such as those of a bundle. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Folders on the disk by the paths of theirs that end with a slash. */
  readonly folders?: Readonly<Record<string, string>>;
  /** Headers of every answer. Default the {@link POLICY}. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Names, as they end, of files that browsers may keep for a year. Default none. */
  readonly kept?: readonly string[];
  /** Where it listens. Default a free port. */
  readonly port?: number;
}

/** A web server on this machine. */
export class Site {
  readonly #server: Server;
  readonly #options: SiteOptions;
  /** Paths of the files that were asked for, not of those that were asked about (HEAD). */
  readonly asked: string[] = [];

  private constructor(options: SiteOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      const path = decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname);
      if (request.method !== 'HEAD') this.asked.push(path);
      const content = this.#content(path);
      const isKept = options.kept?.some((end) => path.endsWith(end));
      const headers = {
        'content-security-policy': POLICY,
        ...(isKept && { 'cache-control': 'max-age=31536000, immutable' }),
        ...options.headers,
      };
      response.writeHead(content ? 200 : 404, { ...headers, 'content-type': TYPES[extname(path) || '.html'] ?? '' });
      response.end(content ?? 'Not here.');
    });
  }

  static async start(options: SiteOptions): Promise<Site> {
    const site = new Site(options);
    await new Promise<void>((up) => site.#server.listen(options.port ?? 0, '127.0.0.1', up));
    return site;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((down) => this.#server.close(down));
  }

  #content(path: string): string | Uint8Array | undefined {
    const file = this.#options.files?.[path];
    if (file !== undefined) return file;
    for (const [prefix, folder] of Object.entries(this.#options.folders ?? {})) {
      const found = join(folder, path.slice(prefix.length));
      if (path.startsWith(prefix) && existsSync(found) && statSync(found).isFile()) return readFileSync(found);
    }
    return undefined;
  }
}

/**
 * Bundles modules for browsers, as the guide says, from the built package: `/<name>.js` of each, and chunks. Test files share the
 * bundles of the same modules.
 */
export async function bundle(...entries: string[]): Promise<Record<string, Uint8Array>> {
  const folder = await once(`bundle-${createHash('sha1').update(entries.join()).digest('hex')}`, async (outdir) => {
    if (!existsSync(join(ROOT, 'dist/index.browser.js'))) throw new Error('Run "npm run build" first.');
    await build({
      absWorkingDir: ROOT,
      entryPoints: entries,
      entryNames: '[name]',
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'browser',
      outdir,
      logLevel: 'silent',
    });
  });
  return Object.fromEntries(readdirSync(folder).map((name) => [`/${name}`, readFileSync(join(folder, name))]));
}

/** A page that loads a script. */
export function html(script = '/page.js'): string {
  return `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module" src="${script}"></script>`;
}

/** The runtime's file, and the folders that most tests want. */
export const FOLDERS = {
  '/runtime/': join(ROOT, 'node_modules/onnxruntime-web/dist'),
  '/models/': join(ROOT, 'models'),
  '/images/': join(ROOT, 'docs/images'),
  '/pictures/': join(ROOT, 'test/fixtures/pictures'),
  '/graphs/': join(ROOT, 'test/fixtures/graphs'),
};
