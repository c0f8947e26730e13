import type { AltPlace } from '../source/source-image.js';
import type { Syntax } from '../source/syntax.js';

/**
 * A text as it is written at a place: the whole attribute, or what is between the brackets of Markdown. White space in it becomes single
 * spaces.
 *
 * @param text empty for decoration
 */
export function encodeText(
  text: string,
  place: Pick<AltPlace, 'notation' | 'isAttribute' | 'start' | 'end'>,
  syntax: Syntax,
): string {
  const plain = plainText(text);
  if (!place.isAttribute) return escapeMarkdown(plain);
  const isScript = place.notation === 'jsx' || syntax === 'astro';
  const attribute = `alt=${isScript ? jsxValue(plain) : htmlValue(plain)}`;
  // What replaces an attribute has the space before it already.
  return place.start === place.end ? ` ${attribute}` : attribute;
}

/** A text without control characters, and with single spaces. */
export function plainText(text: string): string {
  return text
    .replace(/(?!\s)\p{Cc}/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Braces too, which are code to Svelte and to templates, and bars, which end a cell of a table in Markdown. */
function htmlValue(text: string): string {
  return `"${text.replace(/[&"<>{}|]/g, (character) => ENTITIES[character]!)}"`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '"': '&quot;',
  '<': '&lt;',
  '>': '&gt;',
  '{': '&#123;',
  '}': '&#125;',
  '|': '&#124;',
};

/** A plain attribute if the text needs no escapes, and a string of JavaScript if it does: that is the same in each framework. */
function jsxValue(text: string): string {
  if (!/["&<>{}\\|]/.test(text)) return `"${text}"`;
  const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `{${JSON.stringify(text).replace(/[\u2028\u2029|]/g, escaped)}}`;
}

/** Every character that may mean something; braces for MDX and templates. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>&|~{}$]/g, '\\$&');
}
