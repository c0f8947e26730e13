import { SourceFileError } from '../../core/index.js';
import { importedImages } from './expression.js';
import { FilePlaces } from './file-places.js';
import { hasBom, readSourceText } from './source-text.js';
import { type FindSettings, type FoundImage, IMAGE_COMPONENTS, type SourceImage } from './source-image.js';
import { type Syntax, syntaxOf } from './syntax.js';

/** How images are looked for. */
export interface FindOptions {
  /** Default: by the file's extension. */
  readonly syntax?: Syntax;
  /** Names of elements that are images, besides `img`, `<input type="image">` and those of common frameworks. */
  readonly components?: readonly string[];
}

/**
 * Finds the images of a source file.
 *
 * @param file its path, for messages and, by its extension, the syntax
 * @param bytes its content, in UTF-8, with a byte order mark or without
 * @returns them in the order of the file
 * @throws SourceFileError if the syntax is unknown, the file is not UTF-8, or it cannot be parsed
 */
export async function findImages(file: string, bytes: Uint8Array, options: FindOptions = {}): Promise<SourceImage[]> {
  const syntax = options.syntax ?? syntaxOf(file);
  if (syntax === undefined) {
    const advice = 'Give HTML, Markdown, MDX, JSX, TSX, Vue, Svelte, Astro or Nunjucks files.';
    throw new SourceFileError(file, `images are not looked for in files of this kind. ${advice}`);
  }
  const text = readSourceText(file, bytes);
  const settings: FindSettings = {
    components: new Set([...IMAGE_COMPONENTS, ...(options.components ?? [])]),
    isTypeScript: /\.[cm]?tsx?$/i.test(file),
  };
  const found = await parse(file, syntax, text, settings);
  const places = new FilePlaces(text, hasBom(bytes));
  return found.map((image) => ({ ...toSourceImage(image, places), file, syntax }));
}

async function parse(file: string, syntax: Syntax, text: string, settings: FindSettings): Promise<FoundImage[]> {
  try {
    return await PARSERS[syntax](text, settings);
  } catch (cause) {
    throw new SourceFileError(file, `it cannot be parsed: ${reasonOf(cause)}`, { cause });
  }
}

function reasonOf(cause: unknown): string {
  // What the engine throws if a parser's calls are nested too deeply.
  if (cause instanceof RangeError) return 'it is nested too deeply.';
  return (cause instanceof Error ? cause.message : String(cause)).split('\n')[0]!;
}

/** Each parser is loaded when a file needs it. */
const PARSERS: Readonly<Record<Syntax, (text: string, settings: FindSettings) => Promise<FoundImage[]>>> = {
  html: findInTemplate,
  nunjucks: findInTemplate,
  markdown: async (text, settings) => (await import('./markdown.js')).findInMarkdown(text, settings),
  mdx: async (text, settings) => (await import('./mdx.js')).findInMdx(text, settings),
  jsx: async (text, settings) => (await import('./jsx.js')).findInJsx(text, settings),
  vue: async (text, settings) => (await import('./vue.js')).findInVue(text, settings),
  svelte: async (text, settings) => findInBraces(text, settings, 0, false),
  astro: async (text, settings) => findInBraces(text, settings, endOfFrontMatter(text), true),
};

/** HTML files, too, may have tags of a template: many site generators take them. */
async function findInTemplate(text: string, { components }: FindSettings): Promise<FoundImage[]> {
  const [{ findInHtml }, { maskTemplateTags }] = await Promise.all([import('./html.js'), import('./mask.js')]);
  const masked = maskTemplateTags(text);
  return findInHtml(masked.text, { components, original: text, masks: masked.masks });
}

async function findInBraces(
  text: string,
  { components }: FindSettings,
  start: number,
  isAstro: boolean,
): Promise<FoundImage[]> {
  const [{ findInHtml }, { maskBraces }] = await Promise.all([import('./html.js'), import('./mask.js')]);
  const { text: masked, masks } = maskBraces(text, start, isAstro);
  return findInHtml(masked, { components, original: text, masks, imports: importedImages(text) });
}

/** Where the mark-up of an Astro file begins. */
function endOfFrontMatter(text: string): number {
  return /^\s*---\r?\n[\s\S]*?\r?\n---[ \t]*(?=\r?\n|$)/.exec(text)?.[0].length ?? 0;
}

function toSourceImage(found: FoundImage, at: FilePlaces): Omit<SourceImage, 'file' | 'syntax'> {
  const { tag, start, end, src, alt, altText, place, context } = found;
  const { line, column } = at.lineOf(start);
  return {
    tag,
    range: { start: at.byteOf(start), end: at.byteOf(end) },
    line,
    column,
    src,
    alt,
    altText,
    place: place && { ...place, start: at.byteOf(place.start), end: at.byteOf(place.end) },
    context,
  };
}
