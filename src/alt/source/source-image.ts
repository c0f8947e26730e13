import type { Syntax } from './syntax.js';

/** Half-open range in a file: bytes from `start` up to, not including, `end`, counted from 0 at the file's first byte. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * What an image has for alternative text: none (`missing`); an empty one, or a role or `aria-hidden` that says the same
 * (`decorative`); a `text`; or one that is only known when the page is made (`computed`: a variable, a spread, a template tag).
 * Markdown cannot tell an empty text from none: `![](photo.jpg)` is `missing`.
 */
export type AltState = 'missing' | 'decorative' | 'text' | 'computed';

/** How a text is written at a place: the same sentence needs other escapes in HTML, in JSX and in Markdown. */
export type Notation = 'html' | 'jsx' | 'markdown';

/** Where an alternative text goes. */
export interface AltPlace extends ByteRange {
  readonly notation: Notation;
  /** Whether the whole attribute (` alt="…"`) is written, or only the text between brackets, as Markdown has it. */
  readonly isAttribute: boolean;
}

/** What is written around an image. */
export interface ImageContext {
  /** The last heading before it. */
  readonly heading?: string;
  /** Of the figure that it is in. */
  readonly figcaption?: string;
  /** The other text of the link or button that it is in; empty if the image is all that the link has. */
  readonly linkText?: string;
  /** Its `title`. */
  readonly title?: string;
}

/** An image in a source file. */
export interface SourceImage {
  /** As it was given. */
  readonly file: string;
  /** Syntax of the file. */
  readonly syntax: Syntax;
  /** Name of the element, such as `img` or `Image`; `![]` for an image of Markdown. */
  readonly tag: string;
  /** The whole image. */
  readonly range: ByteRange;
  /** Line of its first character, from 1. */
  readonly line: number;
  /** Column of its first character in UTF-16 code units, from 1. */
  readonly column: number;
  /** URL or path as the file has it, entities decoded; undefined if it is computed. */
  readonly src: string | undefined;
  readonly alt: AltState;
  /** The text, if `alt` is `text` and it is written in the file. */
  readonly altText: string | undefined;
  /** Where a text would be written; undefined if there is no such place, since the text is computed. */
  readonly place: AltPlace | undefined;
  readonly context: ImageContext;
}

/** An image as a parser finds it: offsets are in UTF-16 code units of the text without its byte order mark. */
export interface FoundImage {
  readonly tag: string;
  readonly start: number;
  readonly end: number;
  readonly src: string | undefined;
  readonly alt: AltState;
  readonly altText?: string | undefined;
  readonly place?: AltPlace | undefined;
  readonly context: ImageContext;
}

/** Elements that are images, besides `img` and `<input type="image">`: those of common frameworks. */
export const IMAGE_COMPONENTS: readonly string[] = [
  'Image',
  'Picture',
  'NuxtImg',
  'NuxtPicture',
  'nuxt-img',
  'nuxt-picture',
  'StaticImage',
  'GatsbyImage',
  'enhanced:img',
  'amp-img',
];

/** What parsers are told. */
export interface FindSettings {
  /** Elements that are images, besides `img`. */
  readonly components: ReadonlySet<string>;
  /** Whether the file is TypeScript, which is not quite a superset of JSX. */
  readonly isTypeScript: boolean;
}
