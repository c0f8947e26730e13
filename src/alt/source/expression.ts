/**
 * Images that a module imports under a name: `import hero from './hero.jpg'`.
 *
 * @param text of the whole file, in any syntax
 * @returns paths by names
 */
export function importedImages(text: string): ReadonlyMap<string, string> {
  const imports =
    /\bimport\s+([\w$]+)\s+from\s+(['"])([^'"\n]+\.(?:jpe?g|png|gif|webp|avif|svg|tiff?|heic))(?:\?[^'"\n]*)?\2/gi;
  return new Map(Array.from(text.matchAll(imports), ([, name, , path]) => [name!, path!]));
}

/**
 * The text that an expression stands for, if that can be seen: a literal, an imported image, `require('…')`, or
 * `new URL('…', import.meta.url)`.
 *
 * @param imports of the same file
 * @returns undefined if the value is computed
 */
export function valueOfExpression(code: string, imports: ReadonlyMap<string, string>): string | undefined {
  const text = code.trim();
  const literal = /^(?:(['"])((?:(?!\1)[^\\\n])*)\1|`((?:[^\\`$]|\$(?!\{))*)`)$/.exec(text);
  if (literal) return literal[2] ?? literal[3];
  if (text.startsWith('"')) return jsonString(text);
  const name = /^([\w$]+)(?:\.src)?$/.exec(text)?.[1];
  if (name !== undefined && imports.has(name)) return imports.get(name);
  return /^(?:require\(\s*|new URL\(\s*)(['"])([^'"]+)\1\s*(?:\)|,\s*import\.meta\.url\s*\))(?:\.(?:href|default))?$/.exec(
    text,
  )?.[2];
}

/** A literal with escapes. */
function jsonString(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
