import type { ImageContext } from './source-image.js';

/** What a walk through a document has passed, in document order, when it comes to an image. */
export class ContextReader {
  #heading: string | undefined;

  /** Tells of a heading that the walk has come to. */
  passHeading(text: string): void {
    const plain = squeeze(text);
    if (plain !== '') this.#heading = plain;
  }

  /**
   * The context of an image.
   *
   * @param link text of the link or button that it is in, without its images; undefined if it is in none
   * @param figcaption of its figure, if there is one
   */
  at(link: string | undefined, figcaption: string | undefined): ImageContext {
    return {
      ...(this.#heading !== undefined && { heading: this.#heading }),
      ...(figcaption !== undefined && squeeze(figcaption) !== '' && { figcaption: squeeze(figcaption) }),
      ...(link !== undefined && { linkText: squeeze(link) }),
    };
  }
}

/** White space as a browser shows it. */
function squeeze(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Reads of a tree of any parser what the context of its images is made of. */
export interface TreeReader<Node> {
  tagOf(node: Node): string | undefined;
  /** Text of the node alone, if it is one. */
  textOf(node: Node): string | undefined;
  childrenOf(node: Node): readonly Node[];
}

const HEADING = /^h[1-6]$/;
/** What a click goes to, if there is nothing but an image in it. */
const LINKS = new Set(['a', 'button', 'Link', 'NuxtLink', 'router-link', 'RouterLink', 'nuxt-link']);

/**
 * Walks through a tree in document order and calls `visit` for each element, with the context that an image at its place has.
 */
export function walkElements<Node>(
  root: Node,
  reader: TreeReader<Node>,
  visit: (node: Node, tag: string, context: () => ImageContext) => void,
): void {
  const passed = new ContextReader();
  const walk = (node: Node, link: Node | undefined, figure: Node | undefined): void => {
    const tag = reader.tagOf(node);
    let [inLink, inFigure] = [link, figure];
    if (tag !== undefined) {
      if (HEADING.test(tag)) passed.passHeading(allText(node, reader));
      if (LINKS.has(tag)) inLink = node;
      if (tag === 'figure') inFigure = node;
      visit(node, tag, () =>
        passed.at(inLink && allText(inLink, reader), inFigure && textOfFirst(inFigure, 'figcaption', reader)),
      );
    }
    for (const child of reader.childrenOf(node)) walk(child, inLink, inFigure);
  };
  walk(root, undefined, undefined);
}

function allText<Node>(node: Node, reader: TreeReader<Node>): string {
  return (
    (reader.textOf(node) ?? '') +
    reader
      .childrenOf(node)
      .map((child) => allText(child, reader))
      .join(' ')
  );
}

function textOfFirst<Node>(node: Node, tag: string, reader: TreeReader<Node>): string | undefined {
  if (reader.tagOf(node) === tag) return allText(node, reader);
  for (const child of reader.childrenOf(node)) {
    const text = textOfFirst(child, tag, reader);
    if (text !== undefined) return text;
  }
  return undefined;
}
