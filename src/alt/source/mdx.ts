import type { Program } from 'estree';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { frontmatterFromMarkdown } from 'mdast-util-frontmatter';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { type MdxJsxFlowElement, type MdxJsxTextElement, mdxFromMarkdown } from 'mdast-util-mdx';
import { frontmatter } from 'micromark-extension-frontmatter';
import { gfm } from 'micromark-extension-gfm';
import { mdxjs } from 'micromark-extension-mdxjs';
import { type Attribute, type AttributeValue, imageOfElement, isImageElement } from './element.js';
import { importedImages, valueOfExpression } from './expression.js';
import { findInProgram } from './jsx-tree.js';
import { findInTree, offsetsOf } from './markdown.js';
import type { FindSettings, FoundImage, ImageContext } from './source-image.js';

type JsxElement = MdxJsxFlowElement | MdxJsxTextElement;
type Imports = ReadonlyMap<string, string>;

/** Images of MDX: those of Markdown, and elements of JSX, also within expressions. */
export function findInMdx(text: string, { components }: FindSettings): FoundImage[] {
  const imports = importedImages(text);
  const tree = fromMarkdown(text, {
    extensions: [frontmatter('yaml'), gfm(), mdxjs()],
    mdastExtensions: [frontmatterFromMarkdown('yaml'), gfmFromMarkdown(), mdxFromMarkdown()],
  });
  return findInTree(tree, text, (node, { start }, context) => {
    switch (node.type) {
      case 'mdxJsxFlowElement':
      case 'mdxJsxTextElement':
        return imagesOfElement(node, start, text, components, imports, context);
      case 'mdxFlowExpression':
      case 'mdxTextExpression':
      case 'mdxjsEsm':
        return imagesOfProgram(node.data?.estree, text, components, imports, context);
      default:
        return [];
    }
  });
}

function imagesOfElement(
  node: JsxElement,
  start: number,
  text: string,
  components: ReadonlySet<string>,
  imports: Imports,
  context: ImageContext,
): FoundImage[] {
  const attributes: Attribute[] = [];
  const inside: FoundImage[] = [];
  for (const attribute of node.attributes) {
    const { value } = attribute;
    const estree = attribute.type === 'mdxJsxAttribute' && typeof value === 'object' ? value?.data?.estree : undefined;
    inside.push(...imagesOfProgram(estree, text, components, imports, context));
    if (attribute.type !== 'mdxJsxAttribute') continue;
    attributes.push({ name: attribute.name, value: valueOf(attribute.value, imports), ...offsetsOf(attribute) });
  }
  const tag = node.name?.split('.').at(-1);
  const named = (name: string): AttributeValue => attributes.find((attribute) => attribute.name === name)?.value;
  if (tag === undefined || !isImageElement(tag, components, named)) return inside;
  const image = {
    tag,
    start,
    end: offsetsOf(node).end,
    nameEnd: start + 1 + node.name!.length,
    attributes,
    hasSpread: node.attributes.some(({ type }) => type === 'mdxJsxExpressionAttribute'),
    notation: 'jsx',
  } as const;
  return [imageOfElement(image, context), ...inside];
}

function valueOf(value: string | { readonly value: string } | null | undefined, imports: Imports): AttributeValue {
  if (value == null) return true;
  return typeof value === 'string' ? value : valueOfExpression(value.value, imports);
}

function imagesOfProgram(
  program: Program | null | undefined,
  text: string,
  components: ReadonlySet<string>,
  imports: Imports,
  context: ImageContext,
): FoundImage[] {
  if (!program) return [];
  return findInProgram(program, text, components, imports).map((image) => ({
    ...image,
    context: { ...context, ...image.context },
  }));
}
