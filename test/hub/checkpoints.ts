import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { RawPixels } from '../../src/adapters/node/index.js';

const FIXTURES = fileURLToPath(new URL('fixtures', import.meta.url));
const PIXELS = fileURLToPath(new URL('../fixtures/pixels', import.meta.url));

/** Values of an array, evenly spread, as `make.py` takes them. */
export interface Sample {
  readonly dims: readonly number[];
  /** Little-endian float32 as base64. */
  readonly values: string;
}

/** A caption of transformers. */
interface RecordedCaption {
  readonly ids: readonly number[];
  readonly text: string;
  readonly isFinished: boolean;
}

/** What transformers makes of one picture. */
export interface RecordedPicture {
  readonly pixelValues: Sample;
  readonly features: Sample;
  /** The likeliest token of each step, and some logits of it. */
  readonly steps: { readonly ids: readonly number[]; readonly logits: readonly Sample[] };
  readonly greedy: readonly RecordedCaption[];
  readonly beams: readonly RecordedCaption[];
}

interface Recorded {
  readonly checkpoints: Readonly<Record<string, { readonly pictures: Readonly<Record<string, RecordedPicture>> }>>;
  readonly processors: readonly {
    readonly name: string;
    readonly config: Readonly<Record<string, unknown>>;
    readonly pixelValues: Readonly<Record<string, Sample>>;
  }[];
}

type Florence2Task = 'short' | 'detailed' | 'paragraph' | 'text';

/** What `florence_2.py` recorded of transformers. */
interface RecordedFlorence2 {
  readonly pictures: Readonly<
    Record<
      string,
      {
        readonly pixelValues: Sample;
        readonly features: Sample;
        readonly tasks: Readonly<
          Record<
            Florence2Task,
            {
              readonly encoder: Sample;
              readonly steps: RecordedPicture['steps'];
              /** By the number of beams. */
              readonly searches: Readonly<Record<string, readonly RecordedCaption[]>>;
            }
          >
        >;
      }
    >
  >;
  readonly prompts: {
    readonly tasks: Readonly<Record<Florence2Task, readonly number[]>>;
    readonly texts: readonly { readonly text: string; readonly ids: readonly number[] }[];
  };
}

/** What `test/exporters/florence_2.py` recorded. */
export const recordedFlorence = JSON.parse(
  readFileSync(`${FIXTURES}/recorded-florence-2.json`, 'utf8'),
) as RecordedFlorence2;

/** What `make.py` recorded. */
export const recorded = JSON.parse(readFileSync(`${FIXTURES}/recorded.json`, 'utf8')) as Recorded;

/** Names of the encoders that there is a checkpoint with. */
export const ENCODERS = Object.keys(recorded.checkpoints);

/**
 * The files of a checkpoint in the public two-file layout, by name.
 *
 * @param folders further folders of the fixtures, whose files take the place of others
 */
export function checkpointFiles(encoder: string, ...folders: readonly string[]): Record<string, Uint8Array> {
  const files = filesOf([encoder, 'shared', ...folders]);
  for (const [path, content] of Object.entries(files)) {
    if (path.endsWith('_quantized.onnx')) files[path.replace('_quantized', '_uint8')] = content;
  }
  return files;
}

/** The files of the tiny Florence-2, by name. */
export function florenceFiles(): Record<string, Uint8Array> {
  return filesOf(['florence-2']);
}

/** The files of folders of the fixtures, by name; those of later folders take the place of others. */
export function filesOf(folders: readonly string[]): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  for (const folder of folders) {
    const names = readdirSync(`${FIXTURES}/${folder}`, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.\w+$/.test(name),
    );
    for (const name of names) {
      const content = readFileSync(`${FIXTURES}/${folder}/${name}`);
      const path = name.replaceAll('\\', '/');
      files[path.replace(/\.gz$/, '')] = new Uint8Array(path.endsWith('.gz') ? gunzipSync(content) : content);
    }
  }
  return files;
}

/** A configuration of a checkpoint, changed. */
export function changed(content: Uint8Array, change: (config: any) => void): Uint8Array {
  const config = JSON.parse(new TextDecoder().decode(content)) as unknown;
  change(config);
  return new TextEncoder().encode(JSON.stringify(config));
}

/** The pictures that were recorded with. */
export function loadPictures(): Record<string, RawPixels> {
  const data = readFileSync(`${PIXELS}/images.bin`);
  const { images } = JSON.parse(readFileSync(`${PIXELS}/index.json`, 'utf8')) as {
    images: { name: string; width: number; height: number; offset: number; length: number }[];
  };
  return Object.fromEntries(
    images.map(({ name, width, height, offset, length }) => [
      name,
      { data: new Uint8Array(data.subarray(offset, offset + length)), width, height, channels: 3 },
    ]),
  );
}

/** The largest difference between an array and what was recorded of it. */
export function difference(found: Float32Array, { dims, values }: Sample): number {
  const expected = Buffer.from(values, 'base64');
  const count = expected.length / 4;
  const size = dims.reduce((product, dim) => product * dim, 1);
  if (found.length !== size) return Infinity;
  let largest = 0;
  for (let i = 0; i < count; i++) {
    const at = count === 1 ? 0 : Math.trunc((i * (size - 1)) / (count - 1));
    largest = Math.max(largest, Math.abs(found[at]! - expected.readFloatLE(4 * i)));
  }
  return largest;
}
