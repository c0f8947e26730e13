import packageJson from '../package.json' with { type: 'json' };

/** The package's entries, as package.json exports them from dist/: source files by the names of their built files. */
export const packageEntries: Readonly<Record<string, string>> = Object.fromEntries(
  builtModules(packageJson.exports).map((name) => [name, `src/${name}.ts`]),
);

/** `core/index` for `./dist/core/index.js`, wherever it stands among the conditions of exports. */
function builtModules(exports: unknown): string[] {
  if (typeof exports === 'string') return [...exports.matchAll(/^\.\/dist\/(.*)\.js$/g)].map(([, name]) => name!);
  return Object.values(exports as object).flatMap(builtModules);
}
