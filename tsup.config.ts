import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import { defineConfig, type Options } from 'tsup';
import { packageEntries } from './scripts/package-entries.js';

const root = fileURLToPath(new URL('.', import.meta.url));

/** The package's entries, by the names of their built files. */
const entry = { ...packageEntries };

/** What the command imports of the library, which need not be exported, by the names of their built files. */
const commandImports = Object.fromEntries(
  readdirSync(join(root, 'src', 'cli'), { recursive: true, withFileTypes: true })
    .filter((file) => file.name.endsWith('.ts'))
    .flatMap(({ parentPath, name }) => {
      const source = readFileSync(join(parentPath, name), 'utf8');
      return Array.from(source.matchAll(/(?:from|import\() ?'(\.\.?\/[^']+)\.js'/g), ([, path]) =>
        relative(join(root, 'src'), join(parentPath, path!)).replaceAll('\\', '/'),
      );
    })
    .filter((name) => !name.startsWith('cli/'))
    .map((name) => [name, `src/${name}.ts`]),
);

/** Packages that end up in the built files come with their licences, in comments that minifiers keep. */
const licences: Plugin = {
  name: 'licences',
  setup(build) {
    build.onLoad({ filter: /node_modules.*\.m?js$/ }, ({ path }) => {
      const [, folder = '', name = ''] = /^(.*node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+))/.exec(path) ?? [];
      const { license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as { license?: string };
      const file = ['LICENSE', 'LICENSE.md', 'license', 'LICENCE'].find((name) => existsSync(`${folder}/${name}`));
      const text = file === undefined ? `${license} licence` : readFileSync(`${folder}/${file}`, 'utf8').trim();
      return { contents: `/*! ${name}\n\n${text} */\n${readFileSync(path, 'utf8')}` };
    });
  },
};

/**
 * The model inside the package, from the built files: code that entries share is in files of dist/ itself. The path is a
 * literal in either format, since tools that collect a program's files look for `new URL('…', import.meta.url)` and, in
 * CommonJS, for `__dirname + '…'`.
 */
function modelBesideDist(format: string): Plugin {
  return {
    name: 'model-beside-dist',
    setup(build) {
      build.onLoad({ filter: /[\\/]embedded-model-files\.ts$/ }, ({ path }) => {
        const source = readFileSync(path, 'utf8').replaceAll('../../../../models/', '../models/');
        const urls = /new URL\(('[^']+'), import\.meta\.url\)/g;
        const contents =
          format === 'cjs'
            ? `import { pathToFileURL } from 'node:url';\n${source.replaceAll(urls, "pathToFileURL(__dirname + '/' + $1)")}`
            : source;
        return { contents, loader: 'ts' };
      });
    },
  };
}

/** The command imports the built library beside it instead of holding a copy of it. */
const builtLibrary: Plugin = {
  name: 'built-library',
  setup(build) {
    const entries = new Map(Object.entries(commandImports).map(([name, source]) => [join(root, source), name]));
    build.onResolve({ filter: /^\.\.?\// }, ({ path, importer }) => {
      const name = entries.get(join(dirname(importer), path).replace(/\.js$/, '.ts'));
      return name === undefined ? undefined : { path: `../${name}.js`, external: true };
    });
  },
};

/** A CommonJS file has no `import.meta.url`. */
const importMetaUrl = join(root, 'scripts', 'import-meta-url.mjs');

const shared = {
  target: 'node20',
} satisfies Options;

export default defineConfig([
  ...(['esm', 'cjs'] as const).map((format): Options => ({
    ...shared,
    name: `library, ${format}`,
    entry: format === 'esm' ? { ...entry, ...commandImports } : entry,
    format,
    platform: 'neutral',
    // Shared chunks in either format: every entry of a format gives the very same classes.
    splitting: true,
    esbuildPlugins: [licences, modelBesideDist(format)],
    esbuildOptions(options) {
      if (format !== 'cjs') return;
      options.define = { ...options.define, 'import.meta.url': 'importMetaUrl' };
      options.inject = [...(options.inject ?? []), importMetaUrl];
    },
  })),
  {
    name: 'command',
    entry: { main: 'src/cli/main.ts' },
    outDir: 'dist/cli',
    format: 'esm',
    target: 'node20',
    platform: 'node',
    splitting: true,
    // Packages written as CommonJS ask for Node's modules by `require`.
    banner: {
      js: "import { createRequire as createRequireOfCommand } from 'node:module';\nconst require = createRequireOfCommand(import.meta.url);",
    },
    esbuildPlugins: [builtLibrary, licences],
  },
  {
    // What runs in the reports of `captioneer eval`: each file is written into a page, whole.
    name: 'pages of eval',
    entry: { report: 'src/cli/eval/page/report.ts', judge: 'src/cli/eval/page/judge.ts' },
    outDir: 'dist/cli/page',
    format: 'iife',
    outExtension: () => ({ js: '.js' }),
    target: 'es2022',
    platform: 'browser',
    minify: true,
    noExternal: [/./],
    esbuildPlugins: [licences],
  },
  // The declarations take much longer than the code, and running needs none of them: `node scripts/build.mjs --code` leaves them out.
  ...(process.env.CAPTIONEER_BUILD === 'code'
    ? []
    : [{ ...shared, name: 'declarations', entry, format: ['esm', 'cjs'], dts: { only: true } } satisfies Options]),
]);
