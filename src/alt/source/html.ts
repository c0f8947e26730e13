import { type DefaultTreeAdapterTypes, parse, parseFragment } from 'parse5';
import { walkElements, type TreeReader } from './context.js';
import { type Attribute, type AttributeValue, type ImageElement, imageOfElement, isImageElement } from './element.js';
import { valueOfExpression } from './expression.js';
import { isFilled, type Mask, maskWithin } from './mask.js';
import type { FindSettings, FoundImage, ImageContext, Notation } from './source-image.js';

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

/** What is known of a text besides its characters. */
export interface HtmlSettings extends Pick<FindSettings, 'components'> {
  /** The file as it is, if code in it was masked. */
  readonly original?: string;
  readonly masks?: readonly Mask[];
  /** Images that the file imports, for attributes whose value is an expression. */
  readonly imports?: ReadonlyMap<string, string>;
  readonly notation?: Notation;
}

/** Images of HTML, or of what is HTML once its code is masked. Offsets are those of the text. */
export function findInHtml(text: string, settings: HtmlSettings): FoundImage[] {
  // Images within <noscript> are images too.
  const options = { sourceCodeLocationInfo: true, scriptingEnabled: false };
  const isDocument = /<!doctype|<html|<head|<body/i.test(text);
  const root: Node = isDocument ? parse(text, options) : parseFragment(text, options);
  const found: FoundImage[] = [];
  const tree = treeOf(text);
  walkElements(root, tree, (node, tag, context) => {
    const image = imageOf(node as Element, tag, text, settings, context);
    if (image) found.push(image);
  });
  // Where the parser moves what a table may not have, the order of the file is another.
  return found.sort((a, b) => a.start - b.start);
}

function imageOf(
  element: Element,
  tag: string,
  text: string,
  settings: HtmlSettings,
  context: () => ImageContext,
): FoundImage | undefined {
  const location = element.sourceCodeLocation;
  if (!location) return undefined;
  const start = location.startTag ?? location;
  const attributes = attributesOf(element, text, settings);
  const valueOf = (name: string): AttributeValue => attributes.find((attribute) => attribute.name === name)?.value;
  if (!isImageElement(tag, settings.components, valueOf)) return undefined;
  const image: ImageElement = {
    tag,
    start: start.startOffset,
    end: start.endOffset,
    nameEnd: start.startOffset + 1 + tag.length,
    attributes,
    hasSpread: attributes.some(({ name }) => name.startsWith('...') || isFilled(name)),
    notation: settings.notation ?? 'html',
  };
  return imageOfElement(image, context());
}

function attributesOf(
  { attrs, sourceCodeLocation }: Element,
  text: string,
  { original = text, masks = [], imports = new Map() }: HtmlSettings,
): Attribute[] {
  return attrs.flatMap(({ name, value }): Attribute | [] => {
    const location = sourceCodeLocation?.attrs?.[name];
    if (!location) return [];
    const { startOffset: start, endOffset: end } = location;
    const written = text.slice(start, end);
    const mask = maskWithin(masks, start, end);
    if (mask || isFilled(written)) {
      const expression = /^[^=]*=\s*["']?\{([\s\S]*)\}["']?$/.exec(original.slice(start, end))?.[1];
      const whole = mask && mask.start <= start && mask.end >= end ? mask : { start, end };
      // Of `{src}` only the name is left; the braces are part of it.
      return { name, value: expression && valueOfExpression(expression, imports), start: whole.start, end: whole.end };
    }
    return { name, value: written.includes('=') ? value : true, start, end };
  });
}

/** A tree of parse5; the names of elements are as the text has them, since those of components have capitals. */
function treeOf(text: string): TreeReader<Node> {
  return {
    tagOf: (node) => {
      if (!('tagName' in node)) return undefined;
      const start = node.sourceCodeLocation?.startTag ?? node.sourceCodeLocation;
      const written = /^<([^\s/>]+)/.exec(start ? text.slice(start.startOffset, start.endOffset) : '')?.[1];
      // HTML's own names have no capitals that matter; `Image` is that of a component, but <IMG> is an image.
      return written === undefined || written === written.toUpperCase() ? node.tagName : written;
    },
    textOf: (node) => (node.nodeName === '#text' ? (node as DefaultTreeAdapterTypes.TextNode).value : undefined),
    childrenOf: (node) => {
      if ('content' in node) return node.content.childNodes;
      return 'childNodes' in node ? node.childNodes : [];
    },
  };
}
