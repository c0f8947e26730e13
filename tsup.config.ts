import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import { defineConfig, type Options } from 'tsup';
import { packageEntries } from './scripts/package-entries.js';

const root = fileURLToPath(new URL('.', import.meta.url));

/** The package's entries, by the names of their built files. */
const entry = { ...packageEntries };

/**
 * Folders of src/ that are built by themselves, for Node alone, each with the packages that it uses inside: the command, and entries
 * that nobody pays for who does not import them. They import the built library beside them instead of holding a copy of it.
 */
const ROOMS = ['cli', 'server', 'dataset', 'queue'] as const;
type Room = (typeof ROOMS)[number];

const roomOf = (name: string): Room | undefined => ROOMS.find((room) => name.startsWith(`${room}/`));

/** Modules outside their own folder that the files of a folder import, by the names of their built files. */
function importsOf(folder: string): string[] {
  return readdirSync(join(root, 'src', folder), { recursive: true, withFileTypes: true })
    .filter((file) => file.name.endsWith('.ts'))
    .flatMap(({ parentPath, name }) => {
      const source = readFileSync(join(parentPath, name), 'utf8');
      return Array.from(source.matchAll(/(?:from|import\() ?'(\.\.?\/[^']+)\.js'/g), ([, path]) =>
        relative(join(root, 'src'), join(parentPath, path!)).replaceAll('\\', '/'),
      );
    })
    .filter((name) => !name.startsWith(`${folder}/`));
}

const sourcesOf = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, `src/${name}.ts`]));

/** Where `tsconfig.declarations.json` has a declaration file of each source. */
const DECLARATIONS = 'dist/.declarations';

const entryNames = Object.keys(entry);
const importsOfEntries = ROOMS.filter((room) => room !== 'cli').flatMap(importsOf);
const importsOfRooms = [...importsOf('cli'), ...importsOfEntries];
/** What rooms import, which need not be exported. */
const roomImports = sourcesOf(importsOfRooms);

/** What a format of the library is built from. The command is an ES module, and so is what it imports. */
function libraryEntry(format: 'esm' | 'cjs'): Record<string, string> {
  const names = [...entryNames, ...(format === 'esm' ? importsOfRooms : importsOfEntries)];
  return sourcesOf(names.filter((name) => roomOf(name) === undefined));
}

/** What is built of a room, by names within it. */
function roomEntry(room: Room): Record<string, string> {
  if (room === 'cli') return { main: 'src/cli/main.ts' };
  const names = [...entryNames, ...importsOfRooms].filter((name) => roomOf(name) === room);
  return Object.fromEntries(names.map((name) => [name.slice(room.length + 1), `src/${name}.ts`]));
}

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
      build.onLoad({ filter: /[\\/]default-model-files\.ts$/ }, ({ path }) => {
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

/** A room imports the built library, and other rooms, beside it. */
function builtLibrary(room: Room, extension: string): Plugin {
  return {
    name: 'built-library',
    setup(build) {
      const entries = new Map(Object.entries(roomImports).map(([name, source]) => [join(root, source), name]));
      build.onResolve({ filter: /^\.\.?\// }, ({ path, importer }) => {
        const name = entries.get(join(dirname(importer), path).replace(/\.js$/, '.ts'));
        const isOwn = name === undefined || roomOf(name) === room;
        return isOwn ? undefined : { path: `../${name}${extension}`, external: true };
      });
    },
  };
}

/** A CommonJS file has no `import.meta.url`. */
const importMetaUrl = join(root, 'scripts', 'import-meta-url.mjs');

const shared = {
  target: 'node20',
} satisfies Options;

/** A room, in a folder of dist/ of its own. */
function room(name: Room, format: 'esm' | 'cjs'): Options {
  return {
    ...shared,
    name: `${name}, ${format}`,
    entry: roomEntry(name),
    outDir: `dist/${name}`,
    format,
    platform: 'node',
    splitting: true,
    // Packages written as CommonJS ask for Node's modules by `require`.
    ...(format === 'esm' && {
      banner: {
        js: "import { createRequire as createRequireOfRoom } from 'node:module';\nconst require = createRequireOfRoom(import.meta.url);",
      },
    }),
    esbuildPlugins: [builtLibrary(name, format === 'esm' ? '.js' : '.cjs'), licences],
  };
}

export default defineConfig([
  ...(['esm', 'cjs'] as const).map((format): Options => ({
    ...shared,
    name: `library, ${format}`,
    entry: libraryEntry(format),
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
  room('cli', 'esm'),
  ...ROOMS.filter((name) => name !== 'cli').flatMap((name) => [room(name, 'esm'), room(name, 'cjs')]),
  {
    // What runs in pages: the reports of `captioneer eval`, each written into a page, whole, and `captioneer alt review`.
    name: 'pages',
    entry: {
      report: 'src/cli/eval/page/report.ts',
      judge: 'src/cli/eval/page/judge.ts',
      review: 'src/cli/alt/page/review.ts',
    },
    outDir: 'dist/cli/page',
    format: 'iife',
    outExtension: () => ({ js: '.js' }),
    target: 'es2022',
    platform: 'browser',
    minify: true,
    noExternal: [/./],
    esbuildPlugins: [licences],
  },
  // The declarations take longer than the code, and running needs none of them: `node scripts/build.mjs --code` leaves them out. They
  // are bundled from those that tsc has written: of sources, the bundler would make a program of its own for each folder of an entry.
  ...(process.env.CAPTIONEER_BUILD === 'code'
    ? []
    : [
        {
          ...shared,
          name: 'declarations',
          entry: Object.fromEntries(entryNames.map((name) => [name, `${DECLARATIONS}/${name}.d.ts`])),
          format: ['esm', 'cjs'],
          dts: { only: true },
        } satisfies Options,
      ]),
]);
