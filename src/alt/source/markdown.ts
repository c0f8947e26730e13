import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { frontmatterFromMarkdown } from 'mdast-util-frontmatter';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { frontmatter } from 'micromark-extension-frontmatter';
import { gfm } from 'micromark-extension-gfm';
import { ContextReader } from './context.js';
import { findInHtml } from './html.js';
import { fillTemplateTags, isFilled } from './mask.js';
import type { FindSettings, FoundImage, ImageContext } from './source-image.js';

const FRONT_MATTER = ['yaml', 'toml'] as const;

/** Images of Markdown (CommonMark with GitHub's extensions and front matter), those of HTML in it included. */
export function findInMarkdown(text: string, { components }: FindSettings): FoundImage[] {
  const filled = fillTemplateTags(text);
  const tree = fromMarkdown(filled, {
    extensions: [frontmatter([...FRONT_MATTER]), gfm()],
    mdastExtensions: [frontmatterFromMarkdown([...FRONT_MATTER]), gfmFromMarkdown()],
  });
  return findInTree(tree, filled, (node, range, context) =>
    node.type === 'html' ? imagesOfHtml(node.value, range, filled, components, context) : [],
  );
}

/**
 * Images of a tree of Markdown.
 *
 * @param others finds those in nodes that are no Markdown: HTML, JSX
 */
export function findInTree(
  tree: Nodes,
  text: string,
  others: (node: Nodes, range: Range, context: ImageContext) => FoundImage[],
): FoundImage[] {
  const passed = new ContextReader();
  const definitions = definitionsOf(tree);
  const walk = (node: Nodes, link: Nodes | undefined): FoundImage[] => {
    const { start, end } = offsetsOf(node);
    if (node.type === 'heading') passed.passHeading(textOf(node));
    const context = passed.at(link && textOf(link), undefined);
    if (node.type === 'image' || node.type === 'imageReference') {
      const target = node.type === 'image' ? node : definitions.get(node.identifier);
      const image = { start, end, alt: node.alt ?? '', src: target?.url, title: target?.title ?? '' };
      return [imageOf(text.slice(start, end), image, context)];
    }
    const found = others(node, { start, end }, context);
    const inside = node.type === 'link' || node.type === 'linkReference' ? node : link;
    return 'children' in node ? [...found, ...node.children.flatMap((child) => walk(child, inside))] : found;
  };
  return walk(tree, undefined).sort((a, b) => a.start - b.start);
}

type Target = Extract<Nodes, { type: 'definition' }>;

function definitionsOf(tree: Nodes): ReadonlyMap<string, Target> {
  const found = new Map<string, Target>();
  const walk = (node: Nodes): void => {
    // The first of a name counts.
    if (node.type === 'definition' && !found.has(node.identifier)) found.set(node.identifier, node);
    if ('children' in node) node.children.forEach(walk);
  };
  walk(tree);
  return found;
}

interface MarkdownImage {
  readonly start: number;
  readonly end: number;
  readonly alt: string;
  readonly src: string | undefined;
  readonly title: string;
}

function imageOf(written: string, { start, end, alt, src, title }: MarkdownImage, context: ImageContext): FoundImage {
  const common = {
    tag: '![]',
    start,
    end,
    src: src === undefined || isFilled(src) ? undefined : src,
    context: { ...context, ...(title !== '' && { title }) },
  };
  const length = labelLength(written.slice(2));
  const place = { start: start + 2, end: start + 2 + length, notation: 'markdown', isAttribute: false } as const;
  if (written.slice(2, 2 + length).trim() === '') return { ...common, alt: 'missing', place };
  return isFilled(alt) ? { ...common, alt: 'computed' } : { ...common, alt: 'text', altText: alt, place };
}

/** Characters before the bracket that closes a label: brackets in it are balanced or escaped. */
function labelLength(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '[') depth += 1;
    else if (text[at] === ']' && --depth < 0) return at;
  }
  return text.length;
}

function imagesOfHtml(
  value: string,
  range: Range,
  text: string,
  components: ReadonlySet<string>,
  context: ImageContext,
): FoundImage[] {
  const toOffset = offsetsOfLines(value, range, text);
  return findInHtml(value, { components }).map((image) => ({
    ...image,
    start: toOffset(image.start),
    end: toOffset(image.end),
    place: image.place && { ...image.place, start: toOffset(image.place.start), end: toOffset(image.place.end) },
    context: { ...context, ...image.context },
  }));
}

/**
 * From offsets in the value of a node to those in the file. The file's lines may begin with marks of quotations and lists, and with tabs,
 * of which the value has none, or spaces instead: so lines are counted from their ends.
 *
 * @param end of the node in the file
 */
function offsetsOfLines(value: string, { start, end }: Range, text: string): (offset: number) => number {
  const lines: { readonly at: number; readonly end: number; readonly endInFile: number }[] = [];
  const breaks = text.slice(start, end).matchAll(/\r\n|\n|\r/g);
  for (const found of value.matchAll(/([^\r\n]*)(\r\n|\n|\r|$)/g)) {
    const endInFile = start + (breaks.next().value?.index ?? end - start);
    lines.push({ at: found.index, end: found.index + found[1]!.length, endInFile });
    if (found[2] === '') break;
  }
  return (offset) => {
    const line = lines.findLast((candidate) => candidate.at <= offset)!;
    return line.endInFile - (line.end - offset);
  };
}

/** Text of a node without that of its images, which is not read out twice. */
function textOf(node: Nodes): string {
  if (node.type === 'image' || node.type === 'imageReference' || node.type === 'html') return '';
  if ('children' in node) return node.children.map(textOf).join('');
  return 'value' in node ? node.value : '';
}

/** Half-open range of offsets in the text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Where a node is in the text. */
export function offsetsOf(node: { position?: Nodes['position'] }): Range {
  return { start: node.position?.start.offset ?? 0, end: node.position?.end.offset ?? 0 };
}
