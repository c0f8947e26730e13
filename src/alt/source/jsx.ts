import { parse, type ParserPlugin } from '@babel/parser';
import { importedImages } from './expression.js';
import { findInProgram } from './jsx-tree.js';
import type { FindSettings, FoundImage } from './source-image.js';

/**
 * Images of JavaScript and TypeScript with JSX.
 *
 * @throws the parser's SyntaxError
 */
export function findInJsx(text: string, { components, isTypeScript }: FindSettings): FoundImage[] {
  const plugins: ParserPlugin[] = ['jsx', 'decorators', isTypeScript ? 'typescript' : 'flow'];
  const { program } = parse(text, {
    sourceType: 'unambiguous',
    errorRecovery: true,
    allowReturnOutsideFunction: true,
    allowAwaitOutsideFunction: true,
    plugins,
  });
  return findInProgram(program, text, components, importedImages(text));
}
