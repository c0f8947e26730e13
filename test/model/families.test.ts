import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Captioner } from '../../src/adapters/node/captioner.js';
import { nodePlatform } from '../../src/adapters/node/index.js';
import { ModelMismatchError } from '../../src/core/index.js';
import { openModel, type ModelSource } from '../../src/model/index.js';
import { modelBuffers, vouch } from './model-folder.js';
import { TINY_MODELS, tinyBuffers, tinyFolder, type TinyModel } from './tiny-models.js';

async function mismatch(source: ModelSource): Promise<ModelMismatchError> {
  const error: unknown = await openModel(nodePlatform(), source).then(
    () => new Error('The model was accepted.'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ModelMismatchError);
  return error as ModelMismatchError;
}

describe('a model of one family named as another is refused', () => {
  test.each<[model: TinyModel, named: string, message: RegExp]>([
    [
      'inception-lstm',
      'attention',
      /expected an output "attention", as .* "attention" .*fits the family "inception-lstm"/,
    ],
    [
      'inception-lstm',
      'clip-prefix',
      /expected an input "prefix", as .* found the inputs "input_ids", "past\.h\.0", "past\.c\.0"/,
    ],
    ['inception-lstm', 'vit-gpt2', /expected an input "past\.0\.key"/],
    [
      'attention-lstm',
      'inception-lstm',
      /expected no input with the image at each step.*"regions".*fits the family "attention"/,
    ],
    ['attention-lstm', 'clip-prefix', /expected an input "prefix"/],
    ['attention-lstm', 'vit-gpt2', /expected an input "past\.0\.key"/],
    ['clip-prefix', 'inception-lstm', /expected an input "past\.h"/],
    ['clip-prefix', 'attention', /expected an output "attention"/],
    ['clip-prefix', 'vit-gpt2', /expected an input "cross\.0\.key".*fits the family "clip-prefix"/],
    ['vit-gpt2', 'inception-lstm', /expected an input "past\.h"/],
    ['vit-gpt2', 'attention', /expected an output "attention".*fits the family "vit-gpt2"/],
    ['vit-gpt2', 'clip-prefix', /expected an input "prefix"/],
  ])('%s as %s', async (model, named, message) => {
    const error = await mismatch(tinyBuffers(model, (m) => (m.family = named)));
    expect(error.part).toBe('decoder.onnx');
    expect(error.message).toMatch(message);
  });
});

test.each([
  ['attention-lstm', 'regions', 'a field "regions" for this decoder.onnx, found none'],
  ['clip-prefix', 'prefix', 'a field "prefix" for this decoder.onnx, found none'],
] as const)('%s without the field %s is refused', async (model, field, message) => {
  const error = await mismatch(
    tinyBuffers(model, (m) => {
      m[field] = undefined;
      m.tokens.start = [1];
    }),
  );
  expect(error.message).toContain(message);
});

test('an encoder that tells nothing by which a captioner sees the picture once is refused', async () => {
  const encoder = tinyBuffers('vit-gpt2')['encoder.onnx']!;
  const buffers = tinyBuffers('inception-lstm', (m) => Object.assign(m.graphs.encoder!, vouch(encoder)));
  const error = await mismatch({ ...buffers, 'encoder.onnx': encoder });
  expect(error.message).toMatch(
    /encoder\.onnx: expected an output "initial\.…" or "prefix", .* found the outputs "cross/,
  );
});

test.each([
  ['vit-gpt2', { regions: { rows: 2, columns: 2 } }],
  ['attention-lstm', { prefix: { length: 3, width: 8, isNormalized: true } }],
] as const)('%s with a field of another family is refused: %o', async (model, field) => {
  const error = await mismatch(tinyBuffers(model, (m) => Object.assign(m, field)));
  expect(error.message).toMatch(/expected no field "\w+" for this decoder\.onnx, found one/);
});

test.each([
  ['boxes that the encoder does not tell', 'squash', /decoder\.onnx: attention: expected float32 \[\*, \d+\]/, 20],
  [
    'boxes of an image that is cropped',
    'crop',
    /captioneer\.json: image\.resize: expected "squash" for a model with boxes/,
    1,
  ],
  ['a part of the grid as boxes', 'squash', /encoder\.onnx: expected an output "regions\.boxes"/, 1],
] as const)('%s are refused', async (_, resize, message, count) => {
  const error = await mismatch(
    tinyBuffers('attention-lstm', (m) => {
      const { rows, columns } = m.regions as { rows: number; columns: number };
      m.regions = { rows: 1, columns: rows * columns - 1, boxes: { count, labels: ['cat'] } };
      if (resize === 'crop') Object.assign(m.image, { resize: 'shortest-edge-crop' });
    }),
  );
  expect(error.message).toMatch(message);
});

describe('a prefix that the graphs have not is refused', () => {
  test.each<[what: string, prefix: object, message: RegExp]>([
    ['longer', { length: 4 }, /encoder\.onnx: prefix: expected float32 \[\*, 4, 8\], found float32 \[1, 3, 8\]/],
    ['shorter', { length: 2 }, /encoder\.onnx: prefix: expected float32 \[\*, 2, 8\], found float32 \[1, 3, 8\]/],
    ['wider', { width: 16 }, /encoder\.onnx: prefix: expected float32 \[\*, 3, 16\], found float32 \[1, 3, 8\]/],
  ])('%s', async (_, prefix, message) => {
    const error = await mismatch(tinyBuffers('clip-prefix', (m) => Object.assign(m.prefix as object, prefix)));
    expect(error.message).toMatch(message);
  });
});

test('a vocabulary that does not match the output layer is refused', async () => {
  const words = Array.from({ length: 13 }, (_, id) => `word${id}`);
  const tokenizer = new TextEncoder().encode(JSON.stringify({ type: 'word-map', words }));
  const buffers = tinyBuffers('inception-lstm', (m) => {
    m.vocabularySize = 13;
    Object.assign(m.tokenizer, vouch(tokenizer));
  });
  const error = await mismatch({ ...buffers, 'tokenizer.json': tokenizer });
  expect(error.message).toMatch(/decoder\.onnx: logits: expected float32 \[\*, 13\], found float32 \[rows, 12\]/);
});

test('a tokenizer that lacks an id which the model gives is refused', async () => {
  const file = JSON.parse(readFileSync(`${tinyFolder('vit-gpt2')}/tokenizer.json`, 'utf8')) as {
    model: { vocab: Record<string, number>; merges: string[][] };
  };
  const [last] = Object.entries(file.model.vocab).find(([, id]) => id === 63)!;
  Reflect.deleteProperty(file.model.vocab, last);
  file.model.merges = file.model.merges.filter((pair) => pair.join('') !== last);
  const tokenizer = new TextEncoder().encode(JSON.stringify(file));
  const buffers = tinyBuffers('vit-gpt2', (m) => Object.assign(m.tokenizer, vouch(tokenizer)));
  const error = await mismatch({ ...buffers, 'tokenizer.json': tokenizer });
  expect(error.message).toMatch(/tokenizer\.json: expected 64 tokens, as the manifest says, found 63/);
});

test('a Transformer with attention and words as vit-gpt2 is refused', async () => {
  const error = await mismatch(modelBuffers((m) => (m.family = 'vit-gpt2')));
  expect(error.part).toBe('tokenizer.type');
  expect(error.message).toMatch(/expected "byte-level-bpe", as .* found "word-map"; .* fits the family "attention"/);
});

test.each(TINY_MODELS)('%s captions a picture', async (name) => {
  const captioner = await Captioner.load(tinyFolder(name));
  const pixels = Uint8Array.from({ length: 8 * 8 * 3 }, (_, i) => (i * 37) % 256);
  const { text, tokens, finishReason } = await captioner.caption({ data: pixels, width: 8, height: 8, channels: 3 });
  await captioner.dispose();
  const words = tokens.map((token) => token.text.replace('\u0120', ' '));
  const written = words.filter((word) => !/^<.*>$/.test(word));
  expect(text).toBe(written.join(name.endsWith('lstm') ? ' ' : '').trim());
  expect(finishReason === 'stop' || tokens.length === captioner.manifest.generation.maxLength).toBe(true);
});

describe('weights in a file beside their graph', () => {
  const NAME = 'tutorial-lstm';
  const WEIGHTS = 'decoder.onnx_data';

  test('are found from a folder and from memory', async () => {
    const picture = { data: new Uint8Array(8 * 8 * 3).fill(99), width: 8, height: 8, channels: 3 } as const;
    const scores: number[] = [];
    for (const source of [tinyFolder(NAME), tinyBuffers(NAME)]) {
      const captioner = await Captioner.load(source);
      scores.push((await captioner.caption(picture)).score);
      await captioner.dispose();
    }
    expect(scores[0]).toBe(scores[1]);
    expect(tinyBuffers(NAME)[WEIGHTS]!.length).toBeGreaterThan(1000);
  });

  test('are vouched for by the manifest', async () => {
    const buffers = tinyBuffers(NAME);
    const altered = Uint8Array.from(buffers[WEIGHTS]!);
    altered[9]! ^= 1;
    const loading = openModel(nodePlatform(), { ...buffers, [WEIGHTS]: altered });
    await expect(loading).rejects.toThrow(/decoder\.onnx_data is altered: expected SHA-256/);
    Reflect.deleteProperty(buffers, WEIGHTS);
    await expect(openModel(nodePlatform(), buffers)).rejects.toThrow(/has no "decoder\.onnx_data"/);
  });
});
