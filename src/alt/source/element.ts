import type { AltPlace, FoundImage, ImageContext, Notation } from './source-image.js';

/** Value of an attribute: text; `true` if it has none; undefined if it is computed. */
export type AttributeValue = string | true | undefined;

/** An attribute, with its offsets. */
export interface Attribute {
  readonly name: string;
  readonly value: AttributeValue;
  readonly start: number;
  readonly end: number;
}

/** An element that may be an image, as every parser can give it. */
export interface ImageElement {
  readonly tag: string;
  readonly start: number;
  readonly end: number;
  /** Offset behind the tag's name. */
  readonly nameEnd: number;
  readonly attributes: readonly Attribute[];
  /** Whether it has attributes that only show when the page is made: `{...props}`, `v-bind="props"`. */
  readonly hasSpread: boolean;
  readonly notation: Notation;
}

/** Where the file of an image is named, in the order of preference. */
const SOURCE_ATTRIBUTES = ['src', 'data-src', 'srcset', 'data-srcset', 'image'];

/**
 * Whether an element is an image that takes an alternative text.
 *
 * @param components names of elements that are, besides `img`
 */
export function isImageElement(
  tag: string,
  components: ReadonlySet<string>,
  valueOf: (attribute: string) => AttributeValue,
): boolean {
  if (tag === 'img' || components.has(tag)) return true;
  return tag === 'input' && valueOf('type') === 'image';
}

/** Reads from an element's attributes what it has for alternative text, and where one would be written. */
export function imageOfElement(element: ImageElement, context: ImageContext): FoundImage {
  const { tag, start, end, attributes, notation } = element;
  const named = (name: string): Attribute | undefined => attributes.find((attribute) => attribute.name === name);
  const title = named('title')?.value;
  const common = {
    tag,
    start,
    end,
    src: sourceOf(named),
    context: { ...context, ...(typeof title === 'string' && title.trim() !== '' && { title: title.trim() }) },
  };
  const alt = named('alt');
  // `<img alt />` is the value true in JSX, and nobody's text; in HTML it is empty.
  const hasNoValue = alt?.value === true && notation === 'jsx';
  if (alt && !hasNoValue) {
    if (alt.value === undefined) return { ...common, alt: 'computed' };
    const place: AltPlace = { start: alt.start, end: alt.end, notation, isAttribute: true };
    const text = alt.value === true ? '' : alt.value;
    if (text.trim() === '') return { ...common, alt: 'decorative', place };
    return { ...common, alt: 'text', altText: text, place };
  }
  if (isHidden(named)) return { ...common, alt: 'decorative' };
  if (isNamedOtherwise(named)) return { ...common, alt: 'text' };
  if (element.hasSpread) return { ...common, alt: 'computed' };
  const behind = SOURCE_ATTRIBUTES.map(named).find((attribute) => attribute !== undefined)?.end ?? element.nameEnd;
  const place = alt ? { start: alt.start, end: alt.end } : { start: behind, end: behind };
  return { ...common, alt: 'missing', place: { ...place, notation, isAttribute: true } };
}

type Named = (name: string) => Attribute | undefined;

function sourceOf(named: Named): string | undefined {
  const given = SOURCE_ATTRIBUTES.flatMap((name) => {
    const value = named(name)?.value;
    if (typeof value !== 'string' || value.trim() === '') return [];
    return name.endsWith('srcset') ? (/^\s*([^\s,]+)/.exec(value)?.[1] ?? []) : value.trim();
  });
  // A script puts the real image into the place of a tiny one.
  return given.find((src) => !src.startsWith('data:')) ?? given[0];
}

function isHidden(named: Named): boolean {
  const role = named('role')?.value;
  return role === 'presentation' || role === 'none' || named('aria-hidden')?.value === 'true';
}

function isNamedOtherwise(named: Named): boolean {
  return ['aria-label', 'aria-labelledby'].some((name) => {
    const attribute = named(name);
    return attribute !== undefined && attribute.value !== true && attribute.value?.trim() !== '';
  });
}
