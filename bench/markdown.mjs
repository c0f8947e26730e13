import { writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';

/** Rows of cells as a Markdown table; `rule` tells how a column is aligned, by its number. */
export function markdownTable([head, ...rows], rule = () => '---') {
  return [head, head.map((_, column) => rule(column)), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Writes a page as the project formats its pages. */
export async function writeMarkdown(path, text) {
  writeFileSync(path, await format(text, { ...(await resolveConfig(path)), parser: 'markdown' }));
}
