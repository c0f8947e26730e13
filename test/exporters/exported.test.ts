import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { nodePlatform } from '../../src/adapters/node/index.js';
import { Captioner, type CaptionOptions } from '../../src/index.js';
import { openModel } from '../../src/model/index.js';
import { toPixelValues } from '../../src/preprocess/index.js';
import { cleanText } from '../../src/captioner/clean-text.js';

/** An array as `reference.py` writes it: little-endian float32 as base64. */
interface Recorded {
  readonly dims: readonly number[];
  readonly values: string;
}

/** What a reference made of a picture with a checkpoint; see `reference.py`. */
interface Recording {
  readonly picture: { readonly width: number; readonly height: number; readonly data: string };
  readonly pixelValues: Recorded;
  readonly memory: Readonly<Record<string, Recorded>>;
  readonly read: readonly (readonly number[])[];
  readonly logits: Recorded;
  readonly searches: readonly {
    readonly options: CaptionOptions;
    readonly captions: readonly {
      readonly ids: readonly number[];
      readonly text: string;
      readonly isFinished: boolean;
    }[];
  }[];
}

const FIXTURES = fileURLToPath(new URL('fixtures', import.meta.url));
const MODELS = readdirSync(FIXTURES).filter((name) => readdirSync(`${FIXTURES}/${name}`).includes('model'));

/** Logits are of up to 20; runtimes add up floats in different orders. */
const TOLERANCE = 1e-4;

describe.each(MODELS)('%s, as captioneer-export wrote it', async (name) => {
  const platform = nodePlatform();
  const model = await openModel(platform, exportedFiles(`${FIXTURES}/${name}/model`));
  afterAll(() => model.release());
  const recording = JSON.parse(readFileSync(`${FIXTURES}/${name}/recorded.json`, 'utf8')) as Recording;
  const { width, height, data } = recording.picture;
  const picture = { width, height, channels: 3, data: new Uint8Array(Buffer.from(data, 'base64')) } as const;

  test('pixel values, features and the logits of each step', async () => {
    const pixelValues = toPixelValues(picture, model.manifest.image);
    expect(distance(pixelValues.data, floats(recording.pixelValues))).toBeLessThan(2e-6);
    const encoded = await model.encoder.encode(pixelValues);
    for (const [tensor, expected] of Object.entries(recording.memory)) {
      expect(encoded[tensor]?.dims, tensor).toEqual(expected.dims);
      expect(distance(encoded[tensor]!.data as Float32Array, floats(expected)), tensor).toBeLessThan(TOLERANCE);
    }
    const logits = floats(recording.logits);
    let state = model.decoder.start(encoded);
    for (const [at, ids] of recording.read.entries()) {
      const step = await model.decoder.step(state, ids);
      const expected = logits.subarray(at * step.logits.length, (at + 1) * step.logits.length);
      expect(distance(step.logits, expected), `step ${at}`).toBeLessThan(TOLERANCE);
      state = step.state;
    }
  });

  test.each(recording.searches)('captions with $options', async ({ options, captions }) => {
    const found = await new Captioner(platform, model).caption(picture, options);
    expect(
      found.captions.map(({ tokens, text, finishReason }) => ({
        ids: tokens.map(({ id }) => id),
        text,
        isFinished: finishReason === 'stop',
      })),
    ).toEqual(captions.map(({ text, ...rest }) => ({ ...rest, text: cleanText(text).trim() }))); // random weights say control characters
  });
});

function exportedFiles(folder: string): Record<string, Uint8Array> {
  const entries = readdirSync(folder).map((name) => {
    const content = readFileSync(`${folder}/${name}`);
    return [name.replace(/\.gz$/, ''), name.endsWith('.gz') ? gunzipSync(content) : content] as const;
  });
  return Object.fromEntries(entries);
}

function floats({ values }: Recorded): Float32Array {
  const bytes = Uint8Array.from(Buffer.from(values, 'base64'));
  return new Float32Array(bytes.buffer);
}

function distance(found: Float32Array, expected: Float32Array): number {
  expect(found).toHaveLength(expected.length);
  return found.reduce((largest, value, index) => Math.max(largest, Math.abs(value - expected[index]!)), 0);
}
