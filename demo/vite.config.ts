import { createHash } from 'node:crypto';
import { cpSync, createReadStream, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MODELS = join(ROOT, 'models');
const EXAMPLES = join(ROOT, 'docs', 'images');
const EXAMPLE_FILES = readdirSync(EXAMPLES).filter((name) => name.endsWith('.jpg'));

/** Nothing but this page's own files, the hub, and images that the visitor names. No inline script, no eval. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "manifest-src 'self'",
  "connect-src 'self' blob: data: https://huggingface.co https://*.huggingface.co https://*.hf.co",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** What the page shows of a model before it is loaded. */
interface CatalogEntry {
  readonly name: string;
  /** Its folder in the page, whose name changes with the model: its files may be kept for ever. */
  readonly folder: string;
  readonly family: string;
  readonly bytes: number;
  readonly ciderD: number | undefined;
  /** How many times as long as the default model it takes for a caption; undefined if that has not been measured. */
  readonly relativeTime: number | undefined;
  readonly files: readonly string[];
}

/** Milliseconds of a caption in Chromium by model, as `npm run bench:web` measured them in turns. */
function measuredTimes(): ReadonlyMap<string, number> {
  const path = join(ROOT, 'bench', 'results', 'web-models.json');
  const { models } = JSON.parse(readFileSync(path, 'utf8')) as {
    models: readonly { model: string; oneThread: number }[];
  };
  return new Map(models.map(({ model, oneThread }) => [model, oneThread]));
}

const TIMES = measuredTimes();

/** The models of this repository and the example images, served in development and copied into the build. */
function modelsAndExamples(): Plugin {
  const catalog = readdirSync(MODELS)
    .filter((name) => existsSync(join(MODELS, name, 'captioneer.json')))
    .map(catalogEntry);
  const folders: (readonly [prefix: string, folder: string])[] = [
    ...catalog.map(({ name, folder }) => [`/models/${folder}/`, join(MODELS, name)] as const),
    ['/examples/', EXAMPLES],
  ];
  let outDir = '';
  return {
    name: 'models-and-examples',
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir);
    },
    resolveId: (id) => (id === 'virtual:catalog' ? `\0${id}` : undefined),
    load: (id) => (id === '\0virtual:catalog' ? `export default ${JSON.stringify(catalog)};` : undefined),
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
        const found = folders.find(([prefix]) => path.startsWith(prefix));
        const file = found && join(found[1], path.slice(found[0].length));
        if (!file || !existsSync(file) || !statSync(file).isFile()) {
          next();
          return;
        }
        response.setHeader('content-type', extname(file) === '.json' ? 'application/json' : 'application/octet-stream');
        createReadStream(file).pipe(response);
      });
    },
    writeBundle(_, bundle) {
      for (const { name, folder, files } of catalog) {
        for (const file of files) cpSync(join(MODELS, name, file), join(outDir, 'models', folder, file));
      }
      for (const file of EXAMPLE_FILES) cpSync(join(EXAMPLES, file), join(outDir, 'examples', file));
      writeServiceWorker(outDir, Object.keys(bundle), catalog);
    },
  };
}

/** Tells the service worker what has been built. */
function writeServiceWorker(outDir: string, built: readonly string[], catalog: readonly CatalogEntry[]): void {
  const assets = built.filter((file) => file.startsWith('assets/'));
  const isRuntime = (file: string): boolean => file.endsWith('.wasm');
  const page = ['./', 'icon.svg', 'app.webmanifest', ...assets.filter((file) => !isRuntime(file))];
  const first = catalog.find(({ name }) => name === 'default');
  const more = [
    ...assets.filter(isRuntime),
    ...(first?.files ?? []).map((file) => `models/${first?.folder}/${file}`),
    ...EXAMPLE_FILES.map((file) => `examples/${file}`),
  ];
  const path = join(outDir, 'service-worker.js');
  const source = readFileSync(path, 'utf8');
  const index = readFileSync(join(outDir, 'index.html'), 'utf8');
  const version = shortHash([source, index, ...page, ...more].join('\n'));
  const models = catalog.map(({ folder }) => folder);
  const placeholder = /^const BUILD = .*$/m;
  if (!placeholder.test(source)) throw new Error('The service worker has no place for what has been built.');
  writeFileSync(path, source.replace(placeholder, `const BUILD = ${JSON.stringify({ version, page, more, models })};`));
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

function catalogEntry(name: string): CatalogEntry {
  const text = readFileSync(join(MODELS, name, 'captioneer.json'), 'utf8');
  const manifest = JSON.parse(text) as {
    family: string;
    graphs: Record<string, { file: string; bytes: number }>;
    tokenizer: { file: string; bytes: number };
    quality?: Record<string, { ciderD?: number }>;
  };
  const files = [...Object.values(manifest.graphs), manifest.tokenizer];
  return {
    name,
    folder: `${name}-${shortHash(text)}`,
    family: manifest.family,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    ciderD: manifest.quality?.['general dev']?.ciderD,
    relativeTime: ratio(TIMES.get(name), TIMES.get('default')),
    files: ['captioneer.json', ...files.map(({ file }) => file)],
  };
}

function ratio(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a / b;
}

/** The policy as a `meta` element of the built page; static hosts need no configuration. */
function contentSecurityPolicy(): Plugin {
  return {
    name: 'content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY }, injectTo: 'head-prepend' },
    ],
  };
}

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // Any folder of any static host.
  base: './',
  plugins: [modelsAndExamples(), contentSecurityPolicy()],
  resolve: {
    alias: [
      // The page runs models on WebAssembly: it needs no second build of the runtime, of 27 MB.
      { find: /^onnxruntime-web\/webgpu$/, replacement: 'onnxruntime-web/wasm' },
      { find: /^captioneer$/, replacement: join(ROOT, 'dist', 'index.browser.js') },
      { find: /^captioneer\/worker$/, replacement: join(ROOT, 'dist', 'worker', 'web', 'index.js') },
    ],
  },
  worker: { format: 'es' },
  build: { outDir: fileURLToPath(new URL('dist', import.meta.url)), emptyOutDir: true, target: 'es2022' },
  server: { port: 5173 },
});
