import { SourceFileError } from '../../core/index.js';
import { importedImages } from './expression.js';
import { hasBom, readSourceText } from './source-text.js';
import {
  type AltPlace,
  type FindSettings,
  type FoundImage,
  IMAGE_COMPONENTS,
  type SourceImage,
} from './source-image.js';
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
  const places = placesOf(text, hasBom(bytes));
  return found.map((image) => ({ ...toSourceImage(image, places), file, syntax }));
}

async function parse(file: string, syntax: Syntax, text: string, settings: FindSettings): Promise<FoundImage[]> {
  try {
    return await PARSERS[syntax](text, settings);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new SourceFileError(file, `it cannot be parsed: ${message.split('\n')[0]}`, { cause });
  }
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

function toSourceImage(found: FoundImage, at: ReturnType<typeof placesOf>): Omit<SourceImage, 'file' | 'syntax'> {
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
    place: place && inBytes(place, at.byteOf),
    context,
  };
}

function inBytes({ start, end, notation, isAttribute }: AltPlace, byteOf: (offset: number) => number): AltPlace {
  return { start: byteOf(start), end: byteOf(end), notation, isAttribute };
}

/** From offsets in a text to bytes of its file, and to lines. */
function placesOf(text: string, isMarked: boolean) {
  const encoder = new TextEncoder();
  const starts = [0, ...Array.from(text.matchAll(/\r\n|\n|\r/g), (found) => found.index + found[0].length)];
  const bytes = new Map<number, number>();
  /** Bytes before each line: a long file is encoded once. */
  const before: number[] = [isMarked ? 3 : 0];
  for (let line = 1; line < starts.length; line++) {
    before.push(before[line - 1]! + encoder.encode(text.slice(starts[line - 1], starts[line])).length);
  }
  const lineAt = (offset: number): number => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return low;
  };
  return {
    byteOf: (offset: number): number => {
      const line = lineAt(offset);
      const known = bytes.get(offset) ?? before[line]! + encoder.encode(text.slice(starts[line], offset)).length;
      bytes.set(offset, known);
      return known;
    },
    lineOf: (offset: number): { line: number; column: number } => {
      const line = lineAt(offset);
      return { line: line + 1, column: offset - starts[line]! + 1 };
    },
  };
}
