import { type ElementNode, NodeTypes, parse, type TemplateChildNode } from '@vue/compiler-dom';
import { type TreeReader, walkElements } from './context.js';
import { type Attribute, type AttributeValue, imageOfElement, isImageElement } from './element.js';
import { importedImages, valueOfExpression } from './expression.js';
import type { FindSettings, FoundImage } from './source-image.js';

type VueNode =
  TemplateChildNode | ElementNode | { readonly type: NodeTypes.ROOT; readonly children: TemplateChildNode[] };

/** Images of the template of a Vue component. */
export function findInVue(text: string, { components }: FindSettings): FoundImage[] {
  const imports = importedImages(text);
  // What the compiler would complain of is left to it.
  const root = parse(text, { parseMode: 'sfc', onError: () => undefined, onWarn: () => undefined });
  const found: FoundImage[] = [];
  walkElements<VueNode>(root, TREE, (node, tag, context) => {
    const { props, loc } = node as ElementNode;
    const attributes = props.flatMap((prop) => attributeOf(prop, imports));
    const named = (name: string): AttributeValue => attributes.find((attribute) => attribute.name === name)?.value;
    if (!isImageElement(tag, components, named)) return;
    const start = loc.start.offset;
    const hasSpread = props.some((prop) => prop.type === NodeTypes.DIRECTIVE && prop.name === 'bind' && !prop.arg);
    const nameEnd = start + 1 + tag.length;
    found.push(
      imageOfElement({ tag, start, end: loc.end.offset, nameEnd, attributes, hasSpread, notation: 'html' }, context()),
    );
  });
  return found;
}

const TREE: TreeReader<VueNode> = {
  tagOf: (node) => (node.type === NodeTypes.ELEMENT ? node.tag : undefined),
  textOf: (node) => (node.type === NodeTypes.TEXT ? node.content : undefined),
  childrenOf: (node) => (node.type === NodeTypes.ELEMENT || node.type === NodeTypes.ROOT ? node.children : []),
};

/** `alt="…"`, `:alt="…"` and `v-bind:alt="…"` alike. */
function attributeOf(prop: ElementNode['props'][number], imports: ReadonlyMap<string, string>): Attribute | [] {
  const { start, end } = prop.loc;
  const range = { start: start.offset, end: end.offset };
  if (prop.type === NodeTypes.ATTRIBUTE) return { name: prop.name, value: prop.value?.content ?? true, ...range };
  const { name, arg, exp } = prop;
  if (name !== 'bind' || arg?.type !== NodeTypes.SIMPLE_EXPRESSION || !arg.isStatic) return [];
  const code = exp?.type === NodeTypes.SIMPLE_EXPRESSION ? exp.content : '';
  return { name: arg.content, value: valueOfExpression(code, imports), ...range };
}
