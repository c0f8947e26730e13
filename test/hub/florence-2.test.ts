import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodePlatform } from '../../src/adapters/node/index.js';
import {
  CAPTION_DETAILS,
  type CaptioneerWarning,
  type DtypeOption,
  type ModelBuffers,
  type Session,
} from '../../src/core/index.js';
import { cleanText } from '../../src/captioner/clean-text.js';
import { EMPTY_QUEUE, findImages, type ImageProposals, writeProposals } from '../../src/alt/index.js';
import { Captioner, toAltText } from '../../src/index.js';
import { MergedDecoder } from '../../src/layouts/public/merged-decoder.js';
import { openModel, type Model } from '../../src/model/index.js';
import { toPixelValues } from '../../src/preprocess/index.js';
import { decoderContract, imageEncoderContract } from '../../src/testing/index.js';
import { failure } from '../adapters/node/support.js';
import { makeImage } from '../alt/make-image.js';
import { changed, difference, florenceFiles, loadPictures, recordedFlorence as recorded } from './checkpoints.js';
import { startHub } from './support.js';

const FILES = florenceFiles();
const [CONFIG, GENERATION, PROCESSOR] = ['config.json', 'generation_config.json', 'preprocessor_config.json'];
const platform = nodePlatform();
const pictures = loadPictures();
const ALL = Object.entries(recorded.pictures);
const TASKS = [...CAPTION_DETAILS, 'text'] as const;

let model: Model;
let captioner: Captioner;
beforeAll(async () => {
  model = await openModel(platform, FILES);
  captioner = await Captioner.load(FILES);
});
afterAll(async () => {
  await Promise.all([model.release(), captioner.dispose()]);
});

/** What transformers found, as a captioner writes it: without control characters, which its texts keep. */
function expected(picture: string, task: (typeof TASKS)[number], numBeams: number) {
  const captions = recorded.pictures[picture]!.tasks[task].searches[numBeams]!;
  return captions.map((caption) => ({ ...caption, text: cleanText(caption.text).trim() }));
}

/** What a captioner finds with so many beams, best first: ids, texts, and whether they end. */
async function found(of: Captioner, picture: string, task: (typeof TASKS)[number], numBeams: number) {
  const options = { numBeams, numCaptions: numBeams, maxLength: 13 };
  const image = pictures[picture]!;
  const { captions } = await (task === 'text'
    ? of.readText(image, options)
    : of.caption(image, { ...options, detail: task }));
  return captions.map(({ tokens, text, finishReason }) => ({
    ids: tokens.map(({ id }) => id),
    text,
    isFinished: finishReason === 'stop',
  }));
}

describe('a random Florence-2 is that of transformers', () => {
  test('pixel values and image features', async () => {
    const vision = await platform.createSession(FILES['onnx/vision_encoder.onnx']!, 'vision_encoder.onnx');
    for (const [name, expected] of ALL) {
      const pixelValues = toPixelValues(pictures[name]!, model.manifest.image);
      expect(difference(pixelValues.data, expected.pixelValues), name).toBeLessThan(4e-6);
      const { image_features: features } = await vision.run({ pixel_values: pixelValues });
      expect(difference(features!.data as Float32Array, expected.features), name).toBeLessThan(2e-4);
    }
    await vision.release();
  });

  test.each(TASKS)('what the encoder gives, and the logits of each step: %s', async (task) => {
    for (const [name, { tasks }] of ALL) {
      const { encoder, steps } = tasks[task];
      const pixelValues = toPixelValues(pictures[name]!, model.manifest.image);
      const encoded = await model.encoder.encode(pixelValues, model.manifest.tasks![task]!.prompt);
      expect(difference(encoded.last_hidden_state!.data as Float32Array, encoder), name).toBeLessThan(2e-4);
      const [start, forced] = [...model.manifest.tokens.start, model.manifest.tokens.forcedFirst!] as [number, number];
      let { state } = await model.decoder.step(model.decoder.start(encoded), [start]);
      let tokenId = forced;
      for (const [step, sample] of steps.logits.entries()) {
        const { logits, state: next } = await model.decoder.step(state, [tokenId]);
        expect(difference(logits, sample), `${name}, step ${step}`).toBeLessThan(1e-3);
        expect(logits.indexOf(Math.max(...logits))).toBe(steps.ids[step]);
        [state, tokenId] = [next, steps.ids[step]!];
      }
    }
  });

  test.each(TASKS)('ids and strings of greedy search, 3 and 4 beams: %s', async (task) => {
    for (const [name] of ALL) {
      for (const beams of [1, 3, 4]) {
        expect(await found(captioner, name, task, beams), `${name}, ${beams} beams`).toEqual(
          expected(name, task, beams),
        );
      }
    }
  });

  test('prompts and texts have the ids of its tokenizer', () => {
    const { tokenizer, manifest } = model;
    for (const task of TASKS) {
      const ids = tokenizer.encode(`<s>${manifest.tasks![task]!.prompt}</s>`);
      expect(ids, task).toEqual(recorded.prompts.tasks[task]);
    }
    for (const { text, ids } of recorded.prompts.texts) expect(tokenizer.encode(text), text).toEqual(ids);
  });

  test('by default the generation of the model’s card: 3 beams, no trigram twice, tokens forced at both ends', () => {
    expect(model.manifest).toMatchObject({
      family: 'florence-2',
      tokens: { start: [2], end: [2], forcedFirst: 0, forcedLast: 2 },
      generation: { numBeams: 3, noRepeatNgramSize: 3, earlyStopping: true, maxLength: 99 },
      tasks: { short: { maxLength: 99 }, detailed: { maxLength: 127 }, paragraph: { maxLength: 255 } },
      image: { width: 64, height: 64, resize: 'squash', resample: 'bicubic' },
    });
  });
});

describe('a captioner of Florence-2', () => {
  const [[name]] = ALL as [(typeof ALL)[number]];
  const image = pictures[name]!;

  test('streams, batches and tells statistics like any other', async () => {
    const options = { numBeams: 1, maxLength: 13, detail: 'detailed' } as const;
    let text = '';
    for await (const piece of captioner.stream(image, options)) text += piece;
    expect(text.trim()).toBe(expected(name, 'detailed', 1)[0]!.text);
    const many = ALL.map(([key]) => pictures[key]!);
    const texts: string[] = [];
    for await (const outcome of captioner.captionAll(many, options)) {
      texts.push(outcome.status === 'fulfilled' ? outcome.value.text : String(outcome.reason));
    }
    expect(texts).toEqual(ALL.map(([key]) => expected(key, 'detailed', 1)[0]!.text));
    const { statistics } = await captioner.caption(image, options);
    expect(statistics.meanLogProb).toBeLessThan(0);
    expect(statistics.meanEntropy).toBeGreaterThan(0);
  });

  test('gives in a batch what it gives alone, with beams and each detail, however many are captioned together', async () => {
    const many = ALL.map(([key]) => pictures[key]!);
    for (const detail of CAPTION_DETAILS) {
      for (const [numBeams, batchSize] of [
        [3, 8],
        [4, 2],
      ] as const) {
        const options = { numBeams, numCaptions: numBeams, maxLength: 13, detail };
        const batch: unknown[] = [];
        for await (const outcome of captioner.captionAll(many, { ...options, batchSize })) {
          if (outcome.status === 'rejected') throw outcome.reason;
          batch.push(outcome.value.captions);
        }
        const alone = await Promise.all(many.map(async (one) => (await captioner.caption(one, options)).captions));
        expect(batch).toEqual(alone);
      }
    }
  });

  test('adds the text in an image to the proposals of a site', async () => {
    const png = await makeImage(200, 'png');
    const bytes = new TextEncoder().encode(`<img src="data:image/png;base64,${png.toString('base64')}">`);
    const file = { file: 'page.html', bytes, images: await findImages('page.html', bytes) };
    const [caption, policy] = [{ numBeams: 3, maxLength: 13 }, { maxCharacters: 900 }];
    const options = { model: 'florence', captioner: async () => captioner, caption, policy };
    const { text: imageText } = await captioner.readText(png);
    expect(imageText).not.toBe('');
    const { queue } = await writeProposals(EMPTY_QUEUE, [file], { ...options, readsText: true });
    const [{ proposals, reasons }] = Object.values(queue.images) as [ImageProposals];
    const result = await captioner.caption(png, caption);
    expect(proposals[0]!.text).toBe(toAltText(result, { ...policy, imageText }).text);
    expect(proposals[0]!.text).not.toBe(toAltText(result, policy).text);
    expect(reasons).toContain('text-in-image');
  });

  test('a short caption by default', async () => {
    const { text } = await captioner.caption(image, { numBeams: 3, maxLength: 13 });
    expect(text).toBe(expected(name, 'short', 3)[0]!.text);
  });

  test('an abort ends the search with its reason', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const stream = captioner.stream(image, { numBeams: 1, signal: controller.signal });
    const reading = (async () => {
      for await (const _ of stream) controller.abort(reason);
    })();
    await expect(reading).rejects.toBe(reason);
  });

  test('detail and readText() are refused by a model that is not asked in words, and wrong ones by this', async () => {
    await using plain = await Captioner.load();
    const detail = await failure(plain.caption(image, { detail: 'short' }));
    expect(detail).toMatchObject({ name: 'InvalidArgumentError', argument: 'detail' });
    expect(detail.message).toMatch(/captions of one kind\. Leave out detail, or load .*'florence-2'/);
    const reading = await failure(plain.readText(image));
    expect(reading).toMatchObject({ name: 'InvalidArgumentError', argument: 'model' });
    expect(reading.message).toMatch(/cannot read the text in an image/);
    expect((await failure(captioner.caption(image, { detail: 'long' as never }))).message).toMatch(
      /detail must be 'short', 'detailed' or 'paragraph'/,
    );
    expect((await failure(captioner.caption(image, { prompt: 'a photo of' }))).message).toMatch(
      /takes no prompt\. Leave it out; detail chooses/,
    );
    expect((await failure(captioner.readText(image, { detail: 'short' } as never))).message).toMatch(
      /"detail" of readText\(\)\. It is an option of caption\(\)/,
    );
  });
});

describe('the image’s keys and values', () => {
  /** A decoder whose runs are written down, with the images that its first part saw, and how often each other graph ran. */
  async function watched(change: (session: Session) => Partial<Session> = () => ({})) {
    const runs: { feeds: Parameters<Session['run']>[0]; wanted: readonly string[] }[] = [];
    const imageRows: number[] = [];
    const counts: Record<string, number> = {};
    const watching = {
      ...platform,
      createSession: async (...args: Parameters<typeof platform.createSession>) => {
        const session = await platform.createSession(...args);
        if (!args[1].includes('decoder')) {
          const run: Session['run'] = (...given) => {
            counts[args[1]] = (counts[args[1]] ?? 0) + 1;
            return session.run(...given);
          };
          return { inputs: session.inputs, outputs: session.outputs, run, release: () => session.release() };
        }
        if (!session.outputs.some(({ name }) => name === 'logits')) {
          const run: Session['run'] = (feeds) => {
            imageRows.push(feeds.encoder_hidden_states!.dims[0]!);
            return session.run(feeds);
          };
          return { inputs: session.inputs, outputs: session.outputs, run, release: () => session.release() };
        }
        const altered = change(session).run;
        const run: Session['run'] = (feeds, wanted = []) => {
          runs.push({ feeds, wanted });
          return altered ? altered(feeds, wanted) : session.run(feeds, wanted);
        };
        return { inputs: session.inputs, outputs: session.outputs, run, release: () => session.release() };
      },
    };
    return { model: await openModel(watching, FILES), runs, imageRows, counts };
  }

  const KEY = 'past_key_values.0.encoder.value';

  test('are computed once and not copied for beams; the image is encoded once', async () => {
    const { model: own, runs, imageRows, counts } = await watched();
    const search = async () => {
      await using captioner = new Captioner(platform, own);
      await captioner.caption(pictures.noise!, { numBeams: 3, maxLength: 13 });
    };
    await search();
    expect(counts).toMatchObject({ 'onnx/vision_encoder.onnx': 1, 'onnx/encoder_model.onnx': 1 });
    expect(imageRows).toEqual([1]);
    expect(runs.flatMap(({ wanted }) => wanted).filter((name) => name.includes('.encoder.'))).toEqual([]);
    // One comparison of shared and repeated keys, at the first step with several rows; then only shared ones.
    const ofBeams = runs.filter(({ feeds }) => feeds.inputs_embeds!.dims[0] === 3);
    expect(ofBeams.map(({ feeds }) => feeds[KEY]!.dims[0])).toEqual([1, 3, ...Array(ofBeams.length - 2).fill(1)]);
    expect(new Set(ofBeams.slice(2).map(({ feeds }) => feeds[KEY]!.data)).size).toBe(1);
  });

  test.each([
    ['that fails without keys for each row', () => Promise.reject(new Error('shapes'))],
    ['that gives other logits without keys for each row', undefined],
  ])('a graph %s is given them, repeated once', async (_, fail) => {
    const {
      model: own,
      runs,
      imageRows,
    } = await watched((session) => ({
      run: async (feeds, wanted) => {
        const isShared = feeds.inputs_embeds!.dims[0]! > 1 && feeds[KEY]!.dims[0] === 1;
        if (!isShared) return session.run(feeds, wanted);
        if (fail) return session.run({ ...feeds, [KEY]: { ...feeds[KEY]!, dims: [7] } }, wanted);
        const outputs = await session.run(feeds, wanted);
        const logits = outputs.logits!;
        return {
          ...outputs,
          logits: { ...logits, data: (logits.data as Float32Array).map((value) => -value) },
        };
      },
    }));
    await using captioner = new Captioner(platform, own);
    for (const [name] of ALL) expect(await found(captioner, name, 'short', 3)).toEqual(expected(name, 'short', 3));
    const ofBeams = runs.filter(({ feeds }) => feeds.inputs_embeds!.dims[0] === 3);
    expect(ofBeams.filter(({ feeds }) => feeds[KEY]!.dims[0] === 1)).toHaveLength(1);
    const data = new Set(ofBeams.slice(1).map(({ feeds }) => feeds[KEY]!.data));
    expect(data.size).toBe(ALL.length);
    expect(imageRows).toEqual(ALL.map(() => 1));
  });
});

describe('Captioner.load of an id', () => {
  test.each([
    ['fp32', ['decoder_model_merged', 'embed_tokens', 'encoder_model', 'vision_encoder']],
    // what the publisher recommends, and 8 bits for the graph that the recommendation leaves out
    ['auto', ['decoder_model_merged_q4', 'embed_tokens_quantized', 'encoder_model_q4', 'vision_encoder_fp16']],
    [
      { vision_encoder: 'fp16', encoder_model: 'q4', decoder_model_merged: 'q8' },
      ['decoder_model_merged_quantized', 'embed_tokens', 'encoder_model_q4', 'vision_encoder_fp16'],
    ],
  ] as [DtypeOption, string[]][])('of the weights asked for: %j', async (dtype, files) => {
    const { hub } = await startHub({ 'owner/florence-like': { files: FILES } });
    await using loaded = await Captioner.load('owner/florence-like', { dtype });
    const [[name]] = ALL as [(typeof ALL)[number]];
    const captions = await found(loaded, name, 'short', 3);
    if (dtype === 'fp32') expect(captions).toEqual(expected(name, 'short', 3));
    else expect(captions[0]!.ids.length).toBeGreaterThan(0);
    const graphs = hub.filesAsked('hub').filter((path) => path.endsWith('.onnx'));
    expect(graphs.map((path) => path.replace(/.*onnx\//, '').replace('.onnx', '')).sort()).toEqual(files);
  });

  test('16-bit floats stay near', async () => {
    const half = await openModel(platform, FILES, { dtype: 'fp16' });
    const [[name, { tasks }]] = ALL as [(typeof ALL)[number]];
    const encoded = await half.encoder.encode(toPixelValues(pictures[name]!, half.manifest.image));
    const { state } = await half.decoder.step(half.decoder.start(encoded), [2]);
    const { logits } = await half.decoder.step(state, [0]);
    await half.release();
    const scale = Math.max(...logits.map(Math.abs));
    expect(difference(logits, tasks.short.steps.logits[0]!) / scale).toBeLessThan(0.05);
  });
});

describe('configurations of other publishers', () => {
  const load = async (files: ModelBuffers) => {
    const warnings: CaptioneerWarning[] = [];
    const opened = await openModel(platform, files, { onWarning: (warning) => void warnings.push(warning) });
    await opened.release();
    return { manifest: opened.manifest, warnings };
  };
  const withChange = (name: string, change: (config: any) => void): ModelBuffers => ({
    ...FILES,
    [name]: changed(FILES[name]!, change),
  });

  test('that of transformers’ own class', async () => {
    await load({ ...FILES, [CONFIG]: FILES['config.native.json']! });
  });

  test('a fine-tune that states beams only has the tokens of text_config', async () => {
    const only = new TextEncoder().encode('{"num_beams":3}');
    const { manifest, warnings } = await load({ ...FILES, [GENERATION]: only });
    expect(manifest.tokens).toMatchObject({ start: [2], end: [2] });
    expect(manifest.generation).toMatchObject({ numBeams: 3, maxLength: 100 });
    expect(warnings).toEqual([]);
  });

  test('an end token that the tokenizer does not end texts with is a warning', async () => {
    const { warnings } = await load(
      withChange(GENERATION, (c) => Object.assign(c, { bos_token_id: 2, eos_token_id: 1 })),
    );
    expect(warnings).toMatchObject([{ code: 'unexpected-end-token' }]);
    expect(warnings[0]!.message).toMatch(/ends captions with <pad> .* with <\/s>/);
  });

  test('prompts and lengths of its own', async () => {
    const prompts = { '<CAPTION>': 'Was zeigt das Bild?' };
    const { manifest } = await load({
      ...withChange(PROCESSOR, (c) => (c.task_prompts_without_inputs = prompts)),
      [GENERATION]: changed(FILES[GENERATION]!, (c) => (c.max_length = 40)),
    });
    expect(manifest.tasks!.short).toEqual({ prompt: 'Was zeigt das Bild?', maxLength: 38 });
    expect(manifest.tasks!.detailed.prompt).toBe('Describe in detail what is shown in the image.');
  });

  test.each<[string, (config: any) => void, RegExp]>([
    [CONFIG, (c) => (c.model_type = 'florence3'), /"model_type": expected 'vision-encoder-decoder' or 'florence2'/],
    [CONFIG, (c) => (c.text_config.model_type = 't5'), /"text_config.model_type": expected/],
    [
      CONFIG,
      (c) => (c.text_config.decoder_layers = 3),
      /decoder_model_merged\.onnx: expected caches of 3 layers.*found 2/,
    ],
    [CONFIG, (c) => (c.text_config.d_model = 18), /inputs_embeds: expected .*18\], found/],
    [CONFIG, (c) => (c.text_config.vocab_size = 99), /tokenizer\.json: expected 99 tokens/],
    [CONFIG, (c) => delete c.text_config.d_model, /"text_config.d_model": expected an integer/],
    [PROCESSOR, (c) => (c.size = { height: 32, width: 32 }), /vision_encoder\.onnx: pixel_values: expected .*32, 32\]/],
    [
      PROCESSOR,
      (c) => (c.task_prompts_without_inputs = { '<OCR>': 7 }),
      /"task_prompts_without_inputs.<OCR>": expected/,
    ],
  ])('%s, %s is refused', async (file, change, message) => {
    expect((await failure(openModel(platform, withChange(file, change)))).message).toMatch(message);
  });

  test('a graph that is missing is named, and the kinds that are there', async () => {
    const { 'onnx/embed_tokens.onnx': _, ...lacking } = FILES;
    expect((await failure(openModel(platform, lacking))).message).toMatch(
      /has no onnx\/embed_tokens\.onnx, which dtype "fp32" asks for\. It has graphs for fp16, q8, q4: choose/,
    );
  });

  test('image and prompt that are longer than the positions', async () => {
    const short = await openModel(
      platform,
      withChange(CONFIG, (c) => (c.text_config.max_position_embeddings = 10)),
    );
    const pixelValues = toPixelValues(pictures.noise!, short.manifest.image);
    const error = await failure(short.encoder.encode(pixelValues));
    await short.release();
    expect(error).toMatchObject({ name: 'ModelMismatchError' });
    expect(error.message).toMatch(/at most 10 vectors of image and prompt.*found 5 of the image and \d+ of the prompt/);
  });
});

describe('contracts', () => {
  const pixels = (seed: number) => ({
    type: 'float32' as const,
    dims: [1, 3, 64, 64],
    data: Float32Array.from({ length: 3 * 64 * 64 }, (_, i) => Math.sin(i * seed)),
  });
  const contracts = [
    ...imageEncoderContract({
      name: 'PromptedEncoder',
      create: () => model.encoder,
      pixelValues: () => [pixels(0.01), pixels(0.02)],
    }),
    ...decoderContract({
      name: 'MergedDecoder of vectors',
      create: () => model.decoder,
      image: () => model.encoder.encode(pixels(0.01)),
    }),
  ];
  for (const { name, run, skip } of contracts) test.skipIf(skip !== undefined)(name, run);

  test('the decoder is the one of the public layouts', () => expect(model.decoder).toBeInstanceOf(MergedDecoder));
});
