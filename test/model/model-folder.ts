import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ModelBuffers } from '../../src/core/index.js';

/** The model that the package embeds. */
export const DEFAULT_MODEL = fileURLToPath(new URL('../../models/default', import.meta.url));

const FILES = ['captioneer.json', 'encoder.onnx', 'decoder.onnx', 'tokenizer.json'];

/** A manifest as JSON has it, to be changed at will. */
export type LooseManifest = Record<string, unknown> & {
  graphs: Record<string, Record<string, unknown>>;
  tokenizer: Record<string, unknown>;
  image: Record<string, unknown>;
  tokens: Record<string, unknown>;
  generation: Record<string, unknown>;
};

/** The default model's manifest. */
export function defaultManifest(): LooseManifest {
  return JSON.parse(readFileSync(`${DEFAULT_MODEL}/captioneer.json`, 'utf8')) as LooseManifest;
}

/** The default model in memory, with a changed manifest and with files replaced or, by `undefined`, left out. */
export function modelBuffers(
  change: (manifest: LooseManifest) => void = () => undefined,
  files: Record<string, Uint8Array | undefined> = {},
): ModelBuffers {
  const manifest = defaultManifest();
  change(manifest);
  const buffers = Object.fromEntries(
    FILES.map((name) => [name, readFileSync(`${DEFAULT_MODEL}/${name}`) as Uint8Array]),
  );
  buffers['captioneer.json'] = new TextEncoder().encode(JSON.stringify(manifest));
  for (const [name, data] of Object.entries(files)) {
    if (data) buffers[name] = data;
    else Reflect.deleteProperty(buffers, name);
  }
  return buffers;
}

/** The manifest's entry of a file that is replaced on purpose. */
export function vouch(data: Uint8Array): { sha256: string; bytes: number } {
  return { sha256: createHash('sha256').update(data).digest('hex'), bytes: data.byteLength };
}
