import { encodeText } from '../edit/encode-text.js';
import { importedImages } from '../source/expression.js';
import { findInProgram } from '../source/jsx-tree.js';
import { IMAGE_COMPONENTS } from '../source/source-image.js';
import { AltTexts, type AltTextOptions } from './alt-texts.js';

/** What the rule uses of ESLint. */
interface RuleContext {
  readonly filename: string;
  readonly options: readonly (AltTextOptions & { readonly components?: readonly string[] })[];
  readonly sourceCode: {
    readonly text: string;
    getLocFromIndex(index: number): { line: number; column: number };
  };
  report(problem: object): void;
}

interface RuleFixer {
  replaceTextRange(range: [number, number], text: string): unknown;
}

/**
 * Rule for ESLint: images of JSX without alternative text. If the queue has a text, `--fix` writes it.
 *
 * @example
 * ```js
 * export default [{ plugins: { captioneer: { rules: { 'alt-text': eslintAltText } } }, rules: { 'captioneer/alt-text': 'error' } }];
 * ```
 */
export const eslintAltText = {
  meta: {
    type: 'problem',
    fixable: 'code',
    docs: { description: 'images have an alternative text' },
    messages: { missing: 'The image has no alternative text.' },
    schema: [
      {
        type: 'object',
        properties: {
          queue: { type: 'string' },
          minConfidence: { type: 'number', minimum: 0, maximum: 1 },
          components: { type: 'array', items: { type: 'string' } },
        },
        additionalProperties: false,
      },
    ],
  },
  /** Makes the visitor of one file. */
  create(context: RuleContext) {
    return {
      /** Looks at every image of the file. */
      Program(program: object): void {
        const { filename, sourceCode } = context;
        const { components = [], ...options } = context.options[0] ?? {};
        const names = new Set([...IMAGE_COMPONENTS, ...components]);
        let texts: AltTexts | undefined;
        for (const image of findInProgram(program, sourceCode.text, names, importedImages(sourceCode.text))) {
          const { alt, src, place, start, end } = image;
          if (alt !== 'missing' || !place) continue;
          texts ??= AltTexts.read(options);
          const text = src === undefined ? undefined : texts.textFor(src, filename);
          context.report({
            messageId: 'missing',
            loc: { start: sourceCode.getLocFromIndex(start), end: sourceCode.getLocFromIndex(end) },
            fix:
              text === undefined
                ? null
                : (fixer: RuleFixer) =>
                    fixer.replaceTextRange([place.start, place.end], encodeText(text, place, 'jsx')),
          });
        }
      },
    };
  },
} as const;
