import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { diagnosticsOf } from '../diagnostics.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Where examples are written as modules: within the repository, so that they find its packages. */
const FOLDER = join(ROOT, 'test/docs/.examples');

/** What examples run on: a page's HTML comment `example-runtime: web` says that its own are for browsers. */
export type ExampleRuntime = 'node' | 'web';

/** A TypeScript block of a page. */
export interface DocExample {
  /** The page and the block's first line in it, such as `docs/guides/decoding.md:12`. */
  readonly name: string;
  /** Path of the module that was made of it. */
  readonly module: string;
  /** The block as it stands on the page. */
  readonly code: string;
  readonly runtime: ExampleRuntime;
}

/**
 * Makes a module of each TypeScript block (` ```ts `) of the pages in a folder that are for a runtime.
 *
 * A block begins with its page's setup, an HTML comment that opens with `example-setup`, unless it stands alone
 * (` ```ts alone `), or is that setup itself.
 */
export function extractExamples(folder: string, runtime: ExampleRuntime): DocExample[] {
  removeExamples(runtime);
  mkdirSync(join(FOLDER, runtime), { recursive: true });
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .flatMap((file) => extractFrom(join(folder, file), runtime));
}

/** Takes away what `extractExamples` wrote. */
export function removeExamples(runtime: ExampleRuntime): void {
  rmSync(join(FOLDER, runtime), { recursive: true, force: true });
}

function extractFrom(page: string, runtime: ExampleRuntime): DocExample[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  if (text.includes('<!-- example-runtime: web -->') !== (runtime === 'web')) return [];
  const setup = /<!-- example-setup\n([\s\S]*?)-->/.exec(text)?.[1] ?? '';
  return [...text.matchAll(/^```ts( alone)?\n([\s\S]*?)^```$/gm)].map(({ index, 1: alone, 2: code = '' }) => {
    const line = text.slice(0, index).split('\n').length;
    const isSetup = withoutSpace(code) === withoutSpace(setup);
    const module = join(FOLDER, runtime, `${page.replace(/\W+/g, '-')}-${line}.ts`);
    // `await` and imports make it a module; so does this where it has neither.
    writeFileSync(module, `${alone || isSetup ? '' : setup}\n${code}\nexport {};\n`);
    return { name: `${page}:${line}`, module, code, runtime };
  });
}

function withoutSpace(code: string): string {
  return code.replace(/\s+/g, '');
}

/** What the compiler, with the project's settings, finds wrong with modules of one runtime: a line each, `file:line: message`. */
export function compileErrors(examples: readonly DocExample[]): string[] {
  const isWeb = examples[0]?.runtime === 'web';
  const config = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (path) => ts.sys.readFile(path)).config as object;
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, ROOT);
  const paths = {
    captioneer: [join(ROOT, isWeb ? 'src/index.browser.ts' : 'src/index.ts')],
    'captioneer/core': [join(ROOT, 'src/authors/index.ts')],
    'captioneer/node': [join(ROOT, 'src/adapters/node/index.ts')],
    'captioneer/web': [join(ROOT, 'src/adapters/web/index.ts')],
    'captioneer/worker': [join(ROOT, `src/worker/${isWeb ? 'web' : 'node'}/index.ts`)],
    'captioneer/*': [join(ROOT, 'src/*/index.ts')],
  };
  // An example shows values without using all of them.
  const settings = { ...options, paths, noUnusedLocals: false, typeRoots: [`${ROOT}/node_modules/@types`] };
  const program = ts.createProgram(
    examples.map(({ module }) => module),
    settings,
  );
  return diagnosticsOf(program, (file) => examples.some(({ module }) => module === file)).map((diagnostic) => {
    const { file, start, messageText } = diagnostic;
    const place = file
      ? `${relative(ROOT, file.fileName)}:${file.getLineAndCharacterOfPosition(start ?? 0).line + 1}: `
      : '';
    return place + ts.flattenDiagnosticMessageText(messageText, '\n');
  });
}
