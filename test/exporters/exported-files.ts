import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

/** The folder of the recordings and of the small models that `make.py` exports. */
export const FIXTURES = fileURLToPath(new URL('fixtures', import.meta.url));

/** The files of a small exported model, by name. */
export function exportedFiles(model: string): Record<string, Uint8Array> {
  const folder = join(FIXTURES, model, 'model');
  const entries = readdirSync(folder).map((name) => {
    const content = readFileSync(join(folder, name));
    return [name.replace(/\.gz$/, ''), name.endsWith('.gz') ? gunzipSync(content) : content] as const;
  });
  return Object.fromEntries(entries);
}

/** Writes a small exported model as a model folder. */
export function writeExported(model: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(exportedFiles(model))) writeFileSync(join(folder, name), content);
}
