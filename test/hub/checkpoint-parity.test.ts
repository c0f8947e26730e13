import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodePlatform } from '../../src/adapters/node/index.js';
import { DTYPES, type OpenModelOptions } from '../../src/core/index.js';
import { castFloats } from '../../src/numerics/float16.js';
import { readImageProcessor } from '../../src/layouts/public/image-processor.js';
import { openModel, type Model } from '../../src/model/index.js';
import { parseJson } from '../../src/validate/index.js';
import { toPixelValues } from '../../src/preprocess/index.js';
import { Captioner } from '../../src/index.js';
import { checkpointFiles, difference, ENCODERS, loadPictures, recorded, type RecordedPicture } from './checkpoints.js';
import { TestHub } from './hub-server.js';
import { startHub, useHub } from './support.js';
import { cleanText } from '../../src/captioner/clean-text.js';

const pictures = loadPictures();
const platform = nodePlatform();

describe('image processors make the pixel values of transformers', () => {
  test.each(recorded.processors)('$name', ({ config, pixelValues }) => {
    const spec = readImageProcessor(parseJson(JSON.stringify(config), 'preprocessor_config.json'), 'vit');
    for (const [name, sample] of Object.entries(pixelValues)) {
      const values = toPixelValues(pictures[name]!, spec).data;
      const scale = spec.rescaleFactor === 1 ? 255 : 1;
      expect(difference(values, sample) / scale, name).toBeLessThan(2e-6);
    }
  });
});

describe.each(ENCODERS)('%s and GPT-2', (encoder) => {
  let model: Model;
  beforeAll(async () => {
    model = await openModel(platform, checkpointFiles(encoder));
  });
  afterAll(() => model.release());

  const all = Object.entries(recorded.checkpoints[encoder]!.pictures);

  test.each(all)('pixel values, features and the logits of each step: %s', async (name, expected) => {
    const pixelValues = toPixelValues(pictures[name]!, model.manifest.image);
    expect(difference(pixelValues.data, expected.pixelValues)).toBeLessThan(2e-6);
    const encoded = await model.encoder.encode(pixelValues);
    expect(difference(encoded.last_hidden_state!.data as Float32Array, expected.features)).toBeLessThan(2e-4);
    let state = model.decoder.start(encoded);
    let tokenId = model.manifest.tokens.start[0]!;
    for (const [step, sample] of expected.steps.logits.entries()) {
      const { logits, state: next } = await model.decoder.step(state, [tokenId]);
      expect(difference(logits, sample), `step ${step}`).toBeLessThan(1e-3);
      expect(logits.indexOf(Math.max(...logits))).toBe(expected.steps.ids[step]);
      [state, tokenId] = [next, expected.steps.ids[step]!];
    }
  });
});

describe('Captioner.load of an id', () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await TestHub.start(
      Object.fromEntries(ENCODERS.map((encoder) => [`tiny/${encoder}-gpt2`, { files: checkpointFiles(encoder) }])),
    );
  });
  afterAll(() => hub.stop());

  const captionsOf = async (captioner: Captioner, name: string, numBeams: number): Promise<unknown> => {
    const { captions } = await captioner.caption(pictures[name]!, { numBeams, numCaptions: numBeams, maxLength: 12 });
    return captions.map(({ tokens, text, finishReason }) => ({
      ids: tokens.map(({ id }) => id),
      text,
      isFinished: finishReason === 'stop',
    }));
  };

  test.each(ENCODERS)('%s: ids and strings of greedy search and of beams', async (encoder) => {
    await useHub(hub);
    await using captioner = await Captioner.load(`tiny/${encoder}-gpt2`);
    for (const [name, expected] of Object.entries(recorded.checkpoints[encoder]!.pictures)) {
      expect(await captionsOf(captioner, name, 1), name).toEqual(cleaned(expected.greedy));
      expect(await captionsOf(captioner, name, 3), name).toEqual(cleaned(expected.beams));
    }
  });

  test.each(DTYPES)('dtype %s', async (dtype) => {
    await useHub(hub);
    hub.seen.length = 0;
    const model = await openModel(platform, 'tiny/vit-gpt2', { dtype });
    const [name, expected] = Object.entries(recorded.checkpoints.vit!.pictures)[0] as [string, RecordedPicture];
    const encoded = await model.encoder.encode(toPixelValues(pictures[name]!, model.manifest.image));
    const { logits } = await model.decoder.step(model.decoder.start(encoded), [...model.manifest.tokens.start]);
    await model.release();
    const scale = Math.max(...logits.map(Math.abs));
    expect(difference(logits, expected.steps.logits[0]!) / scale).toBeLessThan(TOLERANCE[dtype]);
    expect(
      difference(castFloats(encoded.last_hidden_state!, 'float32').data as Float32Array, expected.features),
    ).toBeLessThan(1);
    const graphs = hub.filesAsked('hub').filter((path) => path.endsWith('.onnx'));
    expect(new Set(graphs.map((path) => path.replace(/.*(model|merged)/, '').replace('.onnx', ''))).size).toBe(1);
  });
});

describe('a checkpoint by its name', () => {
  test.each([
    ['distilvit', 'Mozilla/distilvit'],
    ['vit-gpt2-coco', 'Xenova/vit-gpt2-image-captioning'],
  ])('%s is %s in 8 bits, unless the call says otherwise', async (name, id) => {
    const { hub } = await startHub({ [id]: { files: checkpointFiles('vit') } });
    const graphs = async (options: OpenModelOptions): Promise<string[]> => {
      hub.seen.length = 0;
      await (await openModel(platform, name, options)).release();
      const files = hub.filesAsked('hub').filter((path) => path.endsWith('.onnx'));
      return files.map((path) => path.replace(/^.*\//, '')).sort();
    };
    expect(await graphs({})).toEqual(['decoder_model_merged_quantized.onnx', 'encoder_model_quantized.onnx']);
    expect(await graphs({ dtype: 'fp32' })).toEqual(['decoder_model_merged.onnx', 'encoder_model.onnx']);
    const error = await openModel(platform, name, { revision: 'v9' }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'FetchError', message: expect.stringContaining('no revision "v9"') as string });
  });
});

/** How far logits may lie from those of the unquantised model, as a share of the largest. */
const TOLERANCE = { fp32: 1e-5, fp16: 0.01, q8: 0.3, int8: 0.3, uint8: 0.3, q4: 0.3, q4f16: 0.3, bnb4: 0.3 } as const;

/** Random weights say control characters too, which the library leaves out. */
function cleaned(captions: unknown): unknown {
  return (captions as { readonly text: string }[]).map(({ text, ...rest }) => ({
    ...rest,
    text: cleanText(text).trim(),
  }));
}
