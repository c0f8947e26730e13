import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { float32Tensor, type ModelBuffers, type Tensor } from '../../src/core/index.js';
import type { LooseManifest } from './model-folder.js';

/** The folders of test/fixtures/families. */
export const TINY_MODELS = [
  'inception-lstm',
  'attention-lstm',
  'clip-prefix',
  'vit-gpt2',
  'picture-first-lstm',
  'tutorial-lstm',
] as const;
export type TinyModel = (typeof TINY_MODELS)[number];

/** What make.py or exported.py in test/fixtures/families recorded of one picture. */
export interface PictureRecording {
  /** Of the picture; see {@link tinyPicture}. */
  readonly seed: number;
  /** The token that each step reads, or none. */
  readonly read: readonly (readonly number[])[];
  /** Of each step, `[vocabularySize]`. */
  readonly logits: readonly (readonly number[])[];
  /** Of each step, `[regions]`. */
  readonly attention?: readonly (readonly number[])[];
  /** The ids of the best caption by the number of beams. */
  readonly beams: Readonly<Record<string, readonly number[]>>;
}

/** The path of a tiny model's folder. */
export function tinyFolder(name: TinyModel): string {
  return fileURLToPath(new URL(`../fixtures/families/${name}`, import.meta.url));
}

export function tinyRecording(name: TinyModel): { lengthPenalty: number; pictures: readonly PictureRecording[] } {
  return JSON.parse(readFileSync(`${tinyFolder(name)}/recording.json`, 'utf8')) as ReturnType<typeof tinyRecording>;
}

/** `[1, 3, 8, 8]`, as make.py computes it. */
export function tinyPicture(seed: number): Tensor<'float32'> {
  const data = Float32Array.from({ length: 3 * 8 * 8 }, (_, i) => ((i * 7919 + seed * 104729) % 1009) / 504 - 1);
  return float32Tensor(data, [1, 3, 8, 8]);
}

/** A tiny model in memory, its manifest changed. */
export function tinyBuffers(
  name: TinyModel,
  change: (manifest: LooseManifest) => void = () => undefined,
): Record<string, Uint8Array> & ModelBuffers {
  const read = (file: string): Uint8Array => readFileSync(`${tinyFolder(name)}/${file}`);
  const manifest = JSON.parse(new TextDecoder().decode(read('captioneer.json'))) as LooseManifest;
  change(manifest);
  return {
    ...Object.fromEntries(readdirSync(tinyFolder(name)).map((file) => [file, read(file)])),
    'captioneer.json': new TextEncoder().encode(JSON.stringify(manifest)),
  };
}
