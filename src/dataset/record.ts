import { createHash } from 'node:crypto';
import type { CaptionOptions, CaptionResult } from '../captioner/index.js';
import type { ModelDescription } from '../core/index.js';

/** What is kept of an image: a line of the record. */
export interface DatasetRecord {
  /** The image's name: its path, or that of its archive, `#`, and its path there. */
  readonly image: string;
  /** SHA-256 of its bytes, hexadecimal. */
  readonly sha256: string;
  readonly text: string;
  readonly confidence?: number;
  readonly assessment?: string;
  /** Name of the model. */
  readonly model: string;
  /** Stands for the model and the options: records of one file have the same. */
  readonly settings: string;
}

/** Stands for everything that a caption depends on besides the image. */
export function settingsKey(manifest: ModelDescription, options: CaptionOptions): string {
  const { signal: _, ...others } = options;
  return createHash('sha256')
    .update(JSON.stringify([manifest, others]))
    .digest('hex')
    .slice(0, 16);
}

/** The record of an image that has just been captioned. */
export function recordOf(
  image: string,
  sha256: string,
  result: CaptionResult,
  model: string,
  settings: string,
): DatasetRecord {
  const { text, confidence, assessment } = result;
  return {
    image,
    sha256,
    text,
    ...(confidence !== undefined && { confidence: Number(confidence.toFixed(4)) }),
    ...(assessment !== undefined && { assessment }),
    model,
    settings,
  };
}

/** What names are told apart by in the index of a record. */
export function nameFingerprint(name: string): Uint8Array {
  return createHash('sha256').update(name).digest();
}
