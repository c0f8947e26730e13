/** The syntaxes that are read. */
export type Syntax = 'html' | 'markdown' | 'mdx' | 'jsx' | 'vue' | 'svelte' | 'astro' | 'nunjucks';

const BY_EXTENSION: Readonly<Record<string, Syntax>> = {
  html: 'html',
  htm: 'html',
  xhtml: 'html',
  md: 'markdown',
  markdown: 'markdown',
  mdx: 'mdx',
  jsx: 'jsx',
  tsx: 'jsx',
  js: 'jsx',
  mjs: 'jsx',
  ts: 'jsx',
  vue: 'vue',
  svelte: 'svelte',
  astro: 'astro',
  njk: 'nunjucks',
  nunjucks: 'nunjucks',
  // The same delimiters.
  liquid: 'nunjucks',
  jinja: 'nunjucks',
  j2: 'nunjucks',
  twig: 'nunjucks',
};

/** Files that are looked for in a folder. Plain scripts seldom have images: they are read if they are named. */
export const SOURCE_EXTENSIONS: readonly string[] = Object.keys(BY_EXTENSION).filter(
  (extension) => !['js', 'mjs', 'ts'].includes(extension),
);

/** The syntax of a file by its extension; undefined if it is not one of those that are read. */
export function syntaxOf(file: string): Syntax | undefined {
  const extension = /\.([^./\\]+)$/.exec(file)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(BY_EXTENSION, extension) ? BY_EXTENSION[extension] : undefined;
}
