import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Sample } from '../hub/checkpoints.js';

/** What `test/exporters/clip.py` recorded of transformers. */
interface RecordedClip {
  /** By the name of a picture of test/fixtures/pixels. */
  readonly images: Readonly<
    Record<
      string,
      {
        readonly caption: string;
        readonly references: readonly string[];
        /** Embeddings, of length 1. */
        readonly image: Sample;
        readonly text: Sample;
        readonly clipScore: number;
        readonly refClipScore: number;
      }
    >
  >;
  readonly texts: readonly { readonly text: string; readonly ids: readonly number[]; readonly decoded: string }[];
}

const FIXTURES = new URL('fixtures/', import.meta.url);

export const recordedClip = JSON.parse(readFileSync(new URL('clip.json', FIXTURES), 'utf8')) as RecordedClip;

/** The files of the tiny CLIP, by name. */
export function clipFiles(): Record<string, Uint8Array> {
  const folder = new URL('clip/', FIXTURES);
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.\w+$/.test(name));
  return Object.fromEntries(
    names.map((name) => {
      const path = name.replaceAll('\\', '/');
      const content = readFileSync(new URL(path, folder));
      return [path.replace(/\.gz$/, ''), new Uint8Array(path.endsWith('.gz') ? gunzipSync(content) : content)];
    }),
  );
}

/** Embeddings that were recorded. */
export function vectorOf({ values }: Sample): Float32Array {
  const bytes = Buffer.from(values, 'base64');
  return Float32Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readFloatLE(4 * at));
}
