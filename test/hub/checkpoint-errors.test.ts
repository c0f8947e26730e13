import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nodePlatform } from '../../src/adapters/node/index.js';
import {
  float32Tensor,
  ManifestError,
  type Dtype,
  type DtypeOption,
  type ModelBuffers,
  type OpenModelOptions,
} from '../../src/core/index.js';
import { Captioner } from '../../src/index.js';
import { openModel } from '../../src/model/index.js';
import { failure, graph, serve } from '../adapters/node/support.js';
import { changed, checkpointFiles } from './checkpoints.js';
import { freshFolder, startHub, watchedPlatform } from './support.js';

const platform = nodePlatform();
const VIT = checkpointFiles('vit');
const CONFIG = 'config.json';
const PROCESSOR = 'preprocessor_config.json';
const GENERATION = 'generation_config.json';

/** A checkpoint with one of its configurations changed. */
function withChange(file: string, change: (config: any) => void): ModelBuffers {
  return { ...VIT, [file]: changed(VIT[file]!, change) };
}

function without(...names: string[]): ModelBuffers {
  return Object.fromEntries(Object.entries(VIT).filter(([name]) => !names.includes(name)));
}

async function messageOf(source: ModelBuffers | string, options?: OpenModelOptions): Promise<string> {
  const error = await failure(openModel(platform, source, options));
  expect(error.name).toMatch(/^(ManifestError|ModelMismatchError|ModelFileError|InvalidArgumentError|FetchError)$/);
  return error.message;
}

describe('a configuration that is wrong says which file, which field, what was expected and what was found', () => {
  test.each<[string, (config: any) => void, RegExp]>([
    [
      CONFIG,
      (c) => delete c.decoder.n_layer,
      /config\.json: field "decoder\.n_layer": expected an integer.*found nothing/,
    ],
    [CONFIG, (c) => delete c.encoder, /field "encoder": expected an object, found nothing/],
    [
      CONFIG,
      (c) => (c.model_type = 'trocr'),
      /field "model_type": expected 'vision-encoder-decoder' or 'florence2', found "trocr"/,
    ],
    [
      CONFIG,
      (c) => (c.model_type = 'blip'),
      /field "model_type": expected a type with graphs in ONNX; export this checkpoint once: captioneer-export blip …, found "blip"/,
    ],
    [CONFIG, (c) => (c.encoder.model_type = 'sam'), /"encoder.model_type": expected 'vit', 'deit', .*found "sam"/],
    [CONFIG, (c) => (c.decoder.model_type = 'opt'), /"decoder.model_type": expected 'gpt2', found "opt"/],
    [CONFIG, (c) => (c.decoder.n_head = 3), /"decoder.n_embd": expected a multiple of n_head \(3\), found 16/],
    [
      CONFIG,
      (c) => (c.encoder.patch_size = 64),
      /"encoder.patch_size": expected at most image_size \(32×32\), found 64/,
    ],
    [
      PROCESSOR,
      (c) => (c.image_processor_type = 'SamImageProcessor'),
      /expected "ViTImageProcessor", .*found "SamImage/,
    ],
    [PROCESSOR, (c) => (c.do_resize = false), /"do_resize": expected true.*found false/],
    [PROCESSOR, (c) => (c.resample = 6), /"resample": expected an integer from 0 to 5, found 6/],
    [PROCESSOR, (c) => (c.image_std = [1, 0, 1]), /"image_std": expected numbers above 0/],
    [PROCESSOR, (c) => (c.size = { shortest_edge: 32 }), /"do_center_crop": expected true/],
    [
      PROCESSOR,
      (c) => (c.size = { longest_edge: 32 }),
      /"size.height": expected an integer from 1 to 8192, found nothing/,
    ],
    [GENERATION, (c) => (c.do_sample = 3), /"do_sample": expected true or false/],
    [GENERATION, (c) => (c.repetition_penalty = 0), /"repetition_penalty": expected a finite number above 0, found 0/],
    [GENERATION, (c) => (c.bad_words_ids = [[1], []]), /"bad_words_ids": expected words of at least one token/],
    [GENERATION, (c) => (c.eos_token_id = 300), /"eos_token_id": expected an integer from 0 to 299, found 300/],
  ])('%s, %s', async (file, change, message) => {
    expect(await messageOf(withChange(file, change))).toMatch(message);
  });

  test('text that is not JSON', async () => {
    const source = { ...VIT, [CONFIG]: new TextEncoder().encode('<html>') };
    expect(await failure(openModel(platform, source))).toBeInstanceOf(ManifestError);
  });
});

describe('a tokenizer of a kind that is not read says what was expected and what was found', () => {
  test.each<[string, (file: any) => void, RegExp]>([
    ['Unigram', (c) => (c.model = { type: 'Unigram', vocab: [['a', 0]] }), /model\.type to be "BPE", found Unigram/],
    ['WordPiece', (c) => (c.model.type = 'WordPiece'), /model\.type to be "BPE", found WordPiece/],
    [
      'SentencePiece',
      (c) => (c.pre_tokenizer = { type: 'Metaspace' }),
      /pre_tokenizer to be "ByteLevel".*, found Metaspace/,
    ],
    ['one that changes texts', (c) => (c.normalizer = { type: 'Lowercase' }), /normalizer to be null, found an object/],
  ])('%s', async (_, change, message) => {
    const text = await messageOf(withChange('tokenizer.json', change));
    expect(text).toMatch(/^tokenizer\.json: expected /);
    expect(text).toMatch(message);
  });
});

describe('options that a model in a public layout does not have', () => {
  test('a prompt, a detail, a task: each error names the option and what to do', async () => {
    await using captioner = await Captioner.load(VIT);
    const picture = { data: new Uint8Array(32 * 32 * 3), width: 32, height: 32, channels: 3 } as const;
    const error = (options: object) => failure(captioner.caption(picture, options));
    expect(await error({ prompt: 'a photo of' })).toMatchObject({ name: 'InvalidArgumentError', argument: 'prompt' });
    expect((await error({ prompt: 'a photo of' })).message).toMatch(/takes no prompt\. .*give the text as prefix/);
    expect((await error({ detail: 'paragraph' })).message).toMatch(/captions of one kind\. Leave out detail/);
    expect((await error({ task: '<OD>' })).message).toMatch(/Unknown option "task" of caption\(\)/);
    expect((await error({ prefix: 'a '.repeat(40) })).message).toMatch(/prefix has \d+ tokens.*reads at most 32/);
  });
});

describe('a configuration that lies about its graphs', () => {
  test.each<[string, (config: any) => void, RegExp]>([
    [CONFIG, (c) => (c.decoder.n_layer = 3), /decoder_model_merged\.onnx: expected caches of 3 layers.*found 2/],
    [
      CONFIG,
      (c) => (c.decoder.n_head = 4),
      /past_key_values\.0\.key: expected float32 or float16 \[\*, 4, \*, 4\], found float32 \[.*, 2, .*, 8\]/,
    ],
    [CONFIG, (c) => (c.decoder.vocab_size = 301), /expected.*301.*found.*300/],
    [
      CONFIG,
      (c) => (c.encoder.hidden_size = 8),
      /encoder_model\.onnx: last_hidden_state: expected .* \[\*, 17, 8\], found float32 \[.*, 17, 16\]/,
    ],
    [CONFIG, (c) => (c.encoder.model_type = 'deit'), /last_hidden_state: expected .* \[\*, 18, 16\], found/],
    [
      CONFIG,
      (c) => (c.encoder.image_size = 48),
      /preprocessor_config\.json: expected pictures of 48×48.*found pictures of 32×32/,
    ],
    [PROCESSOR, (c) => (c.size = 24), /preprocessor_config\.json: expected pictures of 32×32.*found pictures of 24×24/],
  ])('%s, %s', async (file, change, message) => {
    expect(await messageOf(withChange(file, change))).toMatch(message);
  });

  test('another graph in the decoder’s place', async () => {
    const source = { ...VIT, 'onnx/decoder_model_merged.onnx': VIT['onnx/encoder_model.onnx']! };
    expect(await messageOf(source)).toMatch(
      /decoder_model_merged\.onnx: expected an input "input_ids", found "pixel_values"/,
    );
    const turned = { ...VIT, 'onnx/encoder_model.onnx': bytesOf('reshape.onnx') };
    expect(await messageOf(turned)).toMatch(/encoder_model\.onnx: expected an input "pixel_values", found "x"/);
  });
});

describe('files', () => {
  test('that are missing are named', async () => {
    for (const name of [PROCESSOR, 'tokenizer.json']) expect(await messageOf(without(name))).toContain(`no "${name}"`);
    expect(await messageOf(without(CONFIG))).toContain('captioneer.json'); // then it is in neither layout
  });

  test('of graphs: the kinds that are there are named', async () => {
    const source = without('onnx/encoder_model.onnx', 'onnx/decoder_model_merged_q4.onnx');
    const message = await messageOf(source);
    expect(message).toMatch(/has no onnx\/encoder_model\.onnx, which dtype "fp32" asks for/);
    expect(message).toMatch(/It has graphs for fp16, q8, int8, uint8, q4f16, bnb4: choose/);
    expect(await messageOf(source, { dtype: 'q4' })).toContain('has no onnx/decoder_model_merged_q4.onnx');
    const none = Object.fromEntries(Object.entries(VIT).filter(([name]) => !name.startsWith('onnx/')));
    expect(await messageOf(none)).toContain('no complete set of graphs');
  });

  test('generation_config.json may be missing; config.json then says how to search', async () => {
    const files = without(GENERATION);
    const settings = {
      num_beams: 4,
      max_length: 16,
      min_length: 3,
      early_stopping: true,
      no_repeat_ngram_size: 2,
      repetition_penalty: 1.2,
    };
    const config = changed(VIT[CONFIG]!, (c) => Object.assign(c, settings));
    const model = await openModel(platform, { ...files, [CONFIG]: config });
    expect(model.manifest.generation).toEqual({
      numBeams: 4,
      lengthPenalty: 1,
      minLength: 2,
      maxLength: 15,
      noRepeatNgramSize: 2,
      earlyStopping: true,
      repetitionPenalty: 1.2,
    });
    await model.release();
  });

  test('defaults that only a search with beams has are left out of the others', async () => {
    const config = changed(VIT[GENERATION]!, (c) => Object.assign(c, { num_beams: 4, early_stopping: true }));
    await using captioner = await Captioner.load({ ...VIT, [GENERATION]: config });
    const picture = { data: new Uint8Array(32 * 32 * 3), width: 32, height: 32, channels: 3 } as const;
    expect((await captioner.caption(picture, { strategy: 'greedy' })).captions).toHaveLength(1);
    expect((await captioner.caption(picture, { beamVariant: 'clipcap', numCaptions: 4 })).captions).toHaveLength(4);
  });

  test('one dtype a graph, by name; what is left out has 32-bit floats', async () => {
    const graphsOf = async (source: ModelBuffers, dtype: DtypeOption): Promise<string[]> => {
      const { platform: watched, opened } = watchedPlatform();
      await (await openModel(watched, source, { dtype })).release();
      return [...new Set(opened)]; // a decoder is opened in two parts
    };
    const recommending = (dtype: unknown): ModelBuffers => ({
      ...VIT,
      [CONFIG]: changed(VIT[CONFIG]!, (config) => (config['transformers.js_config'] = { dtype })),
    });
    const encoder = (suffix: string): string => `onnx/encoder_model${suffix}.onnx`;
    const decoder = (suffix: string): string => `onnx/decoder_model_merged${suffix}.onnx`;
    for (const [source, dtype, expected] of [
      [VIT, { encoder_model: 'fp16', decoder_model_merged: 'q4' }, [encoder('_fp16'), decoder('_q4')]],
      [VIT, { decoder_model_merged: 'q8' }, [encoder(''), decoder('_quantized')]],
      [VIT, 'auto', [encoder('_quantized'), decoder('_quantized')]],
      [recommending('q4'), 'auto', [encoder('_q4'), decoder('_q4')]],
      [recommending({ encoder_model: 'fp32', decoder_model_merged: 'q4' }), 'auto', [encoder(''), decoder('_q4')]],
      [recommending({ encoder_model: 'int4' }), 'auto', [encoder('_quantized'), decoder('_quantized')]],
      [recommending('q4'), 'fp16', [encoder('_fp16'), decoder('_fp16')]],
    ] as const) {
      expect(await graphsOf(source, dtype)).toEqual(expected);
    }
  });

  test('a graph that lacks its kind names those that it has; a name of no graph is an error', async () => {
    const { 'onnx/encoder_model_q4.onnx': _, ...lacking } = VIT;
    const message = await messageOf(lacking, { dtype: { encoder_model: 'q4', decoder_model_merged: 'q4' } });
    expect(message).toMatch(
      /has no onnx\/encoder_model_q4\.onnx, which dtype "q4" asks for\. It has graphs for fp32, fp16/,
    );
    const error = await failure(openModel(platform, VIT, { dtype: { encoder_modle: 'q4' } }));
    expect(error).toMatchObject({ name: 'InvalidArgumentError', argument: 'dtype' });
    expect(error.message).toMatch(/no graph "encoder_modle" for dtype.*Did you mean encoder_model\?/);
    expect(await messageOf(VIT, { dtype: { encoder_model: 'q3' as Dtype } })).toMatch(
      /dtype must be .* for each graph/,
    );
    await (await openModel(platform, undefined, { dtype: 'auto' })).release(); // what there is
  });

  test('an unknown dtype, and one where the weights are of one kind', async () => {
    expect(await messageOf(VIT, { dtype: 'fp8' as Dtype })).toMatch(/dtype must be 'fp32', 'fp16', 'q8'.*not "fp8"/);
    const error = await failure(openModel(platform, undefined, { dtype: 'q8' }));
    expect(error).toMatchObject({ name: 'InvalidArgumentError', argument: 'dtype' });
  });
});

describe('weights in a file of their own', () => {
  const external = checkpointFiles('vit', 'external');
  const DATA = 'onnx/encoder_model.onnx_data';
  const pixels = float32Tensor(new Float32Array(3 * 32 * 32).fill(0.5), [1, 3, 32, 32]);

  async function features(source: ModelBuffers | string): Promise<unknown> {
    const model = await openModel(platform, source);
    const { last_hidden_state: hidden } = await model.encoder.encode(pixels);
    await model.release();
    return hidden;
  }

  test('are found in memory, in a folder, and through the links of the hub’s cache', async () => {
    await startHub({ 'tiny/vit-gpt2': { files: external } });
    const expected = await features(VIT);
    for (const source of [external, await writeFolder(external), 'tiny/vit-gpt2']) {
      expect(await features(source)).toEqual(expected);
    }
  });

  test.each(['memory', 'a folder'])('must be there, as long as the graph says, in %s', async (where) => {
    const put = async (files: ModelBuffers) => (where === 'memory' ? files : writeFolder(files));
    const short = await messageOf(await put({ ...external, [DATA]: external[DATA]!.subarray(0, 1000) }));
    expect(short).toMatch(/onnx\/encoder_model\.onnx: .*(1000|out of bounds)/);
    const { [DATA]: _, ...missing } = external;
    expect(await messageOf(await put(missing))).toMatch(/onnx\/encoder_model\.onnx: .*encoder_model\.onnx_data/);
  });
});

describe('a checkpoint loads', () => {
  const loads = async (source: ModelBuffers | string, options?: OpenModelOptions): Promise<string> => {
    const model = await openModel(platform, source, options);
    await model.release();
    return model.manifest.family;
  };

  test('from memory, a folder, a URL, and the hub', async () => {
    const { url } = await serve((request, response) => {
      const content = VIT[(request.url ?? '').slice(1)];
      response.writeHead(content ? 200 : 404).end(content);
    });
    await startHub({ 'tiny/vit-gpt2': { files: VIT } });
    for (const source of [VIT, await writeFolder(VIT), url, 'tiny/vit-gpt2']) {
      expect(await loads(source, { dtype: 'q8' })).toBe('vit-gpt2');
    }
  });

  test('with the decoder’s own settings of older configurations', async () => {
    const config = changed(VIT[PROCESSOR]!, (c) => {
      delete c.image_processor_type;
      Object.assign(c, { feature_extractor_type: 'ViTFeatureExtractor', size: 32, image_mean: 0.5, image_std: 0.5 });
    });
    expect(await loads({ ...VIT, [PROCESSOR]: config })).toBe('vit-gpt2');
  });
});

function bytesOf(name: string): Uint8Array {
  return new Uint8Array(readFileSync(graph(name)));
}

async function writeFolder(files: ModelBuffers): Promise<string> {
  const folder = await freshFolder();
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content as Uint8Array);
  }
  return folder;
}
