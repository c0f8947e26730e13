import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodePlatform } from '../../src/adapters/node/index.js';
import { ModelFileError, ModelMismatchError } from '../../src/core/index.js';
import { type ClipModel, evaluate, loadClip } from '../../src/evaluation/index.js';
import { cosine } from '../../src/metrics/index.js';
import { changed, difference, loadPictures } from '../hub/checkpoints.js';
import { clipFiles, recordedClip, vectorOf } from './clip-fixture.js';

/** Embeddings of length 1; runtimes add up floats in different orders. */
const TOLERANCE = 1e-4;

const platform = nodePlatform();
const pictures = loadPictures();
const { images, texts } = recordedClip;

function unit(vector: Float32Array): Float32Array {
  const norm = Math.hypot(...vector);
  return vector.map((value) => value / norm);
}

const only = (files: Record<string, Uint8Array>, isKept: (name: string) => boolean): Record<string, Uint8Array> =>
  Object.fromEntries(Object.entries(files).filter(([name]) => isKept(name)));

/** The fixture without the graph for both towers, or with it alone. */
const towers = only(clipFiles(), (name) => name !== 'onnx/model.onnx');
const both = only(clipFiles(), (name) => !/(text|vision)_model/.test(name));

describe.each([
  ['a graph for each tower', towers, 'onnx/text_model.onnx, onnx/vision_model.onnx'],
  ['one graph for both', both, 'onnx/model.onnx'],
] as const)('a CLIP of %s', (_, files, graphs) => {
  let clip: ClipModel<Parameters<typeof platform.decodeImage>[0]>;
  beforeAll(async () => {
    clip = await loadClip(platform, files);
  });
  afterAll(() => clip.dispose());

  it('names its weights', () => {
    expect(clip.name).toBe(`memory (${graphs})`);
  });

  it('gives the ids of transformers, cut to 77', () => {
    expect(texts.map(({ text }) => ({ text, ids: clip.tokenize(text) }))).toEqual(
      texts.map(({ text, ids }) => ({ text, ids })),
    );
  });

  it('gives the embeddings of transformers', async () => {
    for (const [name, recorded] of Object.entries(images)) {
      const image = unit(await clip.embedImage(pictures[name]!));
      const text = unit(await clip.embedText(`A photo depicts ${recorded.caption}`));
      expect(difference(image, recorded.image), name).toBeLessThan(TOLERANCE);
      expect(difference(text, recorded.text), name).toBeLessThan(TOLERANCE);
    }
  });

  it('gives CLIPScore, RefCLIPScore and ranks in a report', async () => {
    const entries = Object.entries(images);
    const report = await evaluate({
      references: new Map(entries.map(([name, { references }]) => [name, references])),
      systems: [{ name: 'recorded', captions: new Map(entries.map(([name, { caption }]) => [name, caption])) }],
      samples: 100,
      embeddings: clip.embedder((image) => pictures[image]!),
    });
    const mean = (score: 'clipScore' | 'refClipScore'): number =>
      entries.reduce((sum, [, recorded]) => sum + recorded[score], 0) / entries.length;
    const { clipScore, refClipScore, imagesByCaption } = report.systems[0]!.imageText!;
    expect(clipScore.estimate).toBeCloseTo(mean('clipScore'), 4);
    expect(refClipScore.estimate).toBeCloseTo(mean('refClipScore'), 4);
    expect(imagesByCaption.recall.map(({ k, total }) => [k, total])).toEqual([
      [1, 4],
      [5, 4],
      [10, 4],
    ]);
    expect(report.imageTextModel).toBe(clip.name);
  });
});

describe('the kind of weights', () => {
  it.each(['q8', 'fp16'] as const)('%s is near fp32', async (dtype) => {
    await using clip = await loadClip(platform, clipFiles(), { dtype });
    expect(clip.name).toContain(dtype === 'q8' ? '_quantized' : '_fp16');
    const [[name, recorded]] = Object.entries(images) as [[string, (typeof images)[string]]];
    expect(cosine(await clip.embedImage(pictures[name]!), vectorOf(recorded.image))).toBeGreaterThan(0.97);
    const text = await clip.embedText(`A photo depicts ${recorded.caption}`);
    expect(cosine(text, vectorOf(recorded.text))).toBeGreaterThan(0.97);
  });

  it('that is not there is an error, which names those that are', async () => {
    await expect(loadClip(platform, towers, { dtype: 'bnb4' })).rejects.toThrow(/It has graphs for fp32, fp16, q8/);
    await expect(loadClip(platform, towers, { dtype: 'bnb4' })).rejects.toBeInstanceOf(ModelFileError);
  });
});

describe('what is not such a CLIP is refused:', () => {
  const json = (name: string, change: (file: any) => void) => ({ ...towers, [name]: changed(towers[name]!, change) });
  it.each<[string, Record<string, Uint8Array>, RegExp]>([
    ['another model', json('config.json', (f) => (f.model_type = 'siglip')), /model_type.*'clip'.*siglip/],
    ['images of another size', json('config.json', (f) => (f.vision_config.image_size = 48)), /images of 48×48/],
    ['embeddings of another width', json('config.json', (f) => (f.projection_dim = 13)), /image_embeds: expected .*13/],
    [
      'a vocabulary without a start',
      json('tokenizer.json', (f) => {
        f.added_tokens[0].content = '<s>';
        delete f.model.vocab['<|startoftext|>'];
      }),
      /a token "<\|startoftext\|>"/,
    ],
    ['no preprocessor', only(towers, (name) => name !== 'preprocessor_config.json'), /preprocessor_config\.json/],
    ['the graph of one tower alone', only(towers, (name) => !name.includes('vision')), /no onnx\/vision_model\.onnx/],
  ])('%s', async (_, files, message) => {
    await expect(loadClip(platform, files)).rejects.toThrow(message);
  });

  it('an option that there is not', async () => {
    await expect(loadClip(platform, towers, { dtypes: 'q8' } as object)).rejects.toThrow(/Did you mean dtype/);
    const wrong = json('config.json', (f) => (f.projection_dim = 13));
    await expect(loadClip(platform, wrong)).rejects.toBeInstanceOf(ModelMismatchError);
  });
});
