import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { nodePlatform } from '../../src/adapters/node/index.js';
import type { EncodedImage } from '../../src/core/index.js';
import { Captioner, type CaptionOptions, type CaptionResult } from '../../src/index.js';
import { openModel } from '../../src/model/index.js';
import { toPixelValues } from '../../src/preprocess/index.js';
import { decoderContract } from '../../src/testing/index.js';
import { cleanText } from '../../src/captioner/clean-text.js';
import { exportedFiles, FIXTURES } from './exported-files.js';

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
  /** Over the cells of the image while start and tokens were read, one after the other. */
  readonly attention?: Recorded;
  readonly searches: readonly {
    readonly options: CaptionOptions;
    readonly captions: readonly {
      readonly ids: readonly number[];
      readonly text: string;
      readonly isFinished: boolean;
    }[];
  }[];
}

const MODELS = readdirSync(FIXTURES).filter((name) => readdirSync(`${FIXTURES}/${name}`).includes('model'));

/** Logits are of up to 20; runtimes add up floats in different orders. */
const TOLERANCE = 1e-4;

describe.each(MODELS)('%s, as captioneer-export wrote it', async (name) => {
  const platform = nodePlatform();
  const model = await openModel(platform, exportedFiles(name));
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
    const attention = recording.attention && floats(recording.attention);
    const { rows = 0, columns = 0 } = model.manifest.regions ?? {};
    let state = model.decoder.start(encoded);
    for (const [at, ids] of recording.read.entries()) {
      const step = await model.decoder.step(state, ids);
      const expected = logits.subarray(at * step.logits.length, (at + 1) * step.logits.length);
      expect(distance(step.logits, expected), `step ${at}`).toBeLessThan(TOLERANCE);
      expect(step.attention !== undefined).toBe(attention !== undefined);
      const cells = attention?.subarray(at * rows * columns, (at + 1) * rows * columns);
      if (cells) expect(distance(step.attention!, cells), `attention at step ${at}`).toBeLessThan(1e-5);
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

/** The checkpoints that were trained to continue texts. */
describe.each(['blip', 'git'])('%s and what a caller asks', async (name) => {
  const platform = nodePlatform();
  const model = await openModel(platform, exportedFiles(name));
  const captioner = new Captioner(platform, model);
  afterAll(() => captioner.dispose());
  const picture = { width: 2, height: 1, channels: 3, data: new Uint8Array([250, 9, 60, 4, 90, 200]) } as const;
  const other = { ...picture, data: new Uint8Array([0, 0, 0, 9, 9, 9]) };

  const encode = (image: typeof picture): Promise<EncodedImage> =>
    model.encoder.encode(toPixelValues(image, model.manifest.image));
  for (const { name: title, run, skip } of decoderContract({
    name,
    create: () => model.decoder,
    image: () => encode(picture),
    otherImage: () => encode(other),
  })) {
    test.skipIf(skip !== undefined)(title, run);
  }

  test('images of a batch get the captions that they get alone, with a prompt too', async () => {
    const options = { numBeams: 3, numCaptions: 2, prompt: 'a photo of' };
    const together = await gather(captioner.captionAll([picture, other, picture], options));
    const alone = [await captioner.caption(picture, options), await captioner.caption(other, options)];
    const texts = ({ captions }: CaptionResult): string[] => captions.map(({ text }) => text);
    const found = together.map((outcome) => outcome.status === 'fulfilled' && texts(outcome.value));
    expect(found).toEqual([alone[0]!, alone[1]!, alone[0]!].map(texts));
    expect(found[0]).not.toEqual(found[1]);
  });

  test('pieces of a stream make the text, which begins with the prompt', async () => {
    const stream = captioner.stream(picture, { prompt: "The dog's" });
    const pieces = await gather(stream);
    const { text } = await stream.result;
    expect(pieces.join('')).toBe(text);
    expect(text).toMatch(name === 'blip' ? /^the dog's/ : /^the dog ' s/);
  });

  test('tokens and words tell the attention to the cells of the image', async () => {
    const { tokens, words } = await captioner.caption(picture, { attention: true });
    const { rows, columns } = captioner.manifest.regions!;
    for (const { attention } of [...tokens, ...words]) {
      expect(attention).toHaveLength(rows * columns);
      expect(attention!.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
    }
  });

  test.each<[string, CaptionOptions, string, RegExp]>([
    ['a prompt that is no text', { prompt: 3 as never }, 'prompt', /prompt must be a string, not 3/],
    ['a prompt of unknown words', { prompt: '\u4E00' }, 'prompt', /vocabulary lacks a word of "\u4E00"/],
    ['a prompt and a prefix', { prompt: 'a', prefix: 'a' }, 'prefix', /prompt and prefix/],
    ['a prompt longer than captions', { prompt: 'a '.repeat(11) }, 'prompt', /has 11 tokens.* at most 11 with it/],
    [
      'a prompt longer than the positions',
      { prompt: 'a '.repeat(40), maxLength: 1 },
      'prompt',
      /prompt has 41 tokens, but the decoder reads at most 32/,
    ],
  ])('%s is refused', async (_, options, argument, message) => {
    const error = await captioner.caption(picture, options).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', argument });
    expect((error as Error).message).toMatch(message);
  });
});

test('a model whose lengths leave out the prompt gives as many tokens after a longer one', async () => {
  const files = exportedFiles('git');
  const manifest = JSON.parse(new TextDecoder().decode(files['captioneer.json'])) as Record<string, object>;
  const lengths = async (settings: object): Promise<number[]> => {
    const changed = { ...manifest, generation: { ...manifest.generation, maxLength: 6, ...settings } };
    const bytes = new TextEncoder().encode(JSON.stringify(changed));
    const platform = nodePlatform();
    await using captioner = new Captioner(platform, await openModel(platform, { ...files, 'captioneer.json': bytes }));
    const picture = { width: 1, height: 1, channels: 3, data: new Uint8Array(3) } as const;
    const { end } = captioner.manifest.tokens;
    const options = ['a photo of', 'a'].map((prompt) => ({ prompt, bannedTokenIds: end })); // none ends by itself
    const results = await Promise.all(options.map((one) => captioner.caption(picture, one)));
    return results.map(({ tokens }) => tokens.length);
  };
  expect(await lengths({})).toEqual([3, 5]);
  expect(await lengths({ countsPrompt: false })).toEqual([6, 6]);
});

test('a prompt is refused by a model that takes none', async () => {
  const platform = nodePlatform();
  await using captioner = new Captioner(platform, await openModel(platform, exportedFiles('vit-gpt2')));
  const picture = { width: 1, height: 1, channels: 3, data: new Uint8Array(3) } as const;
  await expect(captioner.caption(picture, { prompt: 'a photo' })).rejects.toThrow(
    /model takes no prompt\. Leave it out, or give the text as prefix/,
  );
});

async function gather<T>(items: AsyncIterable<T>): Promise<T[]> {
  const gathered: T[] = [];
  for await (const item of items) gathered.push(item);
  return gathered;
}

function floats({ values }: Recorded): Float32Array {
  const bytes = Uint8Array.from(Buffer.from(values, 'base64'));
  return new Float32Array(bytes.buffer);
}

function distance(found: Float32Array, expected: Float32Array): number {
  expect(found).toHaveLength(expected.length);
  return found.reduce((largest, value, index) => Math.max(largest, Math.abs(value - expected[index]!)), 0);
}
