import { RuntimeError } from '../core/index.js';

interface TextClasses {
  readonly TextDecoder: typeof TextDecoder;
  readonly TextEncoder: typeof TextEncoder;
}

/** What may be global. `process.getBuiltinModule` is there in Node 20.16 and newer, for code that runs in browsers too. */
interface Scope extends Partial<TextClasses> {
  readonly process?: { getBuiltinModule?(name: 'node:util'): TextClasses };
}

/**
 * A decoder of UTF-8: the runtime's `TextDecoder`, or Node's own in a realm that has none, such as that of jest-environment-jsdom.
 *
 * @throws RuntimeError if there is neither
 */
export function createUtf8Decoder(options?: TextDecoderOptions): TextDecoder {
  return new (textClass('TextDecoder'))('utf-8', options);
}

/** Bytes as text; what is not UTF-8 becomes U+FFFD, and a byte order mark is left out. */
export function decodeUtf8(bytes: Uint8Array): string {
  return createUtf8Decoder().decode(bytes);
}

/** Text as bytes; a lone surrogate becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  return new (textClass('TextEncoder'))().encode(text);
}

function textClass<Name extends keyof TextClasses>(name: Name): TextClasses[Name] {
  const scope = globalThis as unknown as Scope;
  const own: Partial<TextClasses> = scope;
  const found = own[name] ?? scope.process?.getBuiltinModule?.('node:util')[name];
  if (found) return found;
  throw new RuntimeError(
    `There is no ${name} here. Test environments such as jsdom lack it: run the test in Node's environment, or set ` +
      `globalThis.${name} to that of node:util.`,
  );
}
