import { AltTexts, type AltTextOptions } from './alt-texts.js';

/** What the plugins use of a node of hast or mdast. */
interface TreeNode {
  type: string;
  tagName?: string;
  properties?: Record<string, unknown>;
  url?: string;
  alt?: string | null;
  children?: TreeNode[];
}

/** What the plugins use of a file of unified. */
interface NamedFile {
  readonly path?: string | undefined;
}

/**
 * Plugin for rehype: gives `<img>` elements without `alt` the text that the queue has for them.
 *
 * @example
 * ```js
 * unified().use(rehypeParse).use(rehypeAltText).use(rehypeStringify);
 * ```
 */
export function rehypeAltText(options: AltTextOptions = {}): (tree: object, file: NamedFile) => void {
  const texts = AltTexts.read(options);
  return (tree, { path }) =>
    visit(tree as TreeNode, ({ tagName, properties }) => {
      const src = properties?.src;
      if (tagName !== 'img' || typeof src !== 'string' || 'alt' in properties!) return;
      const text = texts.textFor(src, path);
      if (text !== undefined) properties!.alt = text;
    });
}

/** Plugin for remark: gives images without text, `![](photo.jpg)`, the text that the queue has for them. */
export function remarkAltText(options: AltTextOptions = {}): (tree: object, file: NamedFile) => void {
  const texts = AltTexts.read(options);
  return (tree, { path }) =>
    visit(tree as TreeNode, (node) => {
      if (node.type !== 'image' || node.url === undefined || (node.alt ?? '') !== '') return;
      node.alt = texts.textFor(node.url, path) ?? '';
    });
}

function visit(node: TreeNode, take: (node: TreeNode) => void): void {
  take(node);
  for (const child of node.children ?? []) visit(child, take);
}
