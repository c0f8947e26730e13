import { type TreeReader, walkElements } from './context.js';
import { type Attribute, type AttributeValue, imageOfElement, isImageElement } from './element.js';
import { valueOfExpression } from './expression.js';
import type { FoundImage } from './source-image.js';

/** A node of a tree of JavaScript with JSX, as Babel, acorn and ESLint's parsers make it: they differ in literals and in offsets. */
interface SyntaxNode {
  readonly type: string;
  readonly start?: number;
  readonly end?: number;
  readonly range?: readonly [number, number];
}

const startOf = ({ start, range }: SyntaxNode): number => start ?? range![0];
const endOf = ({ end, range }: SyntaxNode): number => end ?? range![1];

interface JsxOpening extends SyntaxNode {
  readonly name: JsxName;
  readonly attributes: readonly JsxAttribute[];
}

interface JsxName extends SyntaxNode {
  readonly name: string | JsxName;
  readonly namespace?: JsxName;
  readonly property?: JsxName;
}

interface JsxAttribute extends SyntaxNode {
  readonly name?: JsxName;
  readonly value?: (SyntaxNode & { readonly value?: unknown; readonly expression?: SyntaxNode }) | null;
}

/**
 * Images of a program.
 *
 * @param program a tree of Babel or acorn, whose offsets are those of `text`
 */
export function findInProgram(
  program: object,
  text: string,
  components: ReadonlySet<string>,
  imports: ReadonlyMap<string, string>,
): FoundImage[] {
  const found: FoundImage[] = [];
  walkElements(program as SyntaxNode, TREE, (node, tag, context) => {
    const opening = openingOf(node)!;
    const attributes = opening.attributes.flatMap((attribute) => attributeOf(attribute, text, imports));
    const named = (name: string): AttributeValue => attributes.find((attribute) => attribute.name === name)?.value;
    if (!isImageElement(tag, components, named)) return;
    const image = {
      tag,
      start: startOf(opening),
      end: endOf(opening),
      nameEnd: endOf(opening.name),
      attributes,
      hasSpread: opening.attributes.some(({ type }) => type === 'JSXSpreadAttribute'),
      notation: 'jsx',
    } as const;
    found.push(imageOfElement(image, context()));
  });
  return found;
}

const TREE: TreeReader<SyntaxNode> = {
  tagOf: (node) => {
    const opening = openingOf(node);
    return opening && nameOf(opening.name);
  },
  textOf: (node) => (node.type === 'JSXText' ? (node as SyntaxNode & { value: string }).value : undefined),
  childrenOf: (node) =>
    Object.entries(node).flatMap(([key, value]: [string, unknown]) => {
      // Comments, tokens and parents are no part of the tree; closing elements repeat a name.
      if (key.endsWith('omments') || ['tokens', 'parent', 'closingElement'].includes(key)) return [];
      return (Array.isArray(value) ? value : [value]).filter(isNode);
    }),
};

function openingOf(node: SyntaxNode): JsxOpening | undefined {
  return node.type === 'JSXElement' ? (node as SyntaxNode & { openingElement: JsxOpening }).openingElement : undefined;
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof (value as SyntaxNode | null | undefined)?.type === 'string';
}

/** `img`, `Image` of `ui.Image`, `enhanced:img`. */
function nameOf(name: JsxName): string {
  if (name.property) return nameOf(name.property);
  if (name.namespace) return `${nameOf(name.namespace)}:${nameOf(name.name as JsxName)}`;
  return typeof name.name === 'string' ? name.name : nameOf(name.name);
}

function attributeOf(attribute: JsxAttribute, text: string, imports: ReadonlyMap<string, string>): Attribute | [] {
  const { name, value } = attribute;
  if (!name) return [];
  return {
    name: nameOf(name),
    value: valueOf(value, text, imports),
    start: startOf(attribute),
    end: endOf(attribute),
  };
}

function valueOf(value: JsxAttribute['value'], text: string, imports: ReadonlyMap<string, string>): AttributeValue {
  if (!value) return true;
  if (typeof value.value === 'string') return value.value;
  const { expression } = value;
  return expression && valueOfExpression(text.slice(startOf(expression), endOf(expression)), imports);
}
