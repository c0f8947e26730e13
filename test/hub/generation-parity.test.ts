import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { nodePlatform } from '../../src/adapters/node/index.js';
import type { CaptioneerWarning, ModelBuffers } from '../../src/core/index.js';
import { Captioner } from '../../src/index.js';
import { openModel } from '../../src/model/index.js';
import { failure } from '../adapters/node/support.js';
import { changed, checkpointFiles, loadPictures } from './checkpoints.js';

interface RecordedCaption {
  readonly ids: readonly number[];
  readonly isFinished: boolean;
}

/** What `make_generation.py` recorded of transformers. */
const recorded = JSON.parse(
  readFileSync(new URL('fixtures/recorded-generation.json', import.meta.url), 'utf8'),
) as Record<string, { config: Record<string, unknown>; pictures: Record<string, RecordedCaption[]> }>;

const pictures = loadPictures();

/** The tiny ViT-GPT2 with settings in its `generation_config.json`. */
function withGeneration(settings: Record<string, unknown>): ModelBuffers {
  const files = checkpointFiles('vit');
  const NAME = 'generation_config.json';
  return { ...files, [NAME]: changed(files[NAME]!, (config: object) => Object.assign(config, settings)) };
}

async function load(
  settings: Record<string, unknown>,
): Promise<{ captioner: Captioner; warnings: CaptioneerWarning[] }> {
  const warnings: CaptioneerWarning[] = [];
  const onWarning = (warning: CaptioneerWarning): unknown => warnings.push(warning);
  return { captioner: await Captioner.load(withGeneration(settings), { onWarning }), warnings };
}

describe('settings of published checkpoints do what they do in transformers', () => {
  test.each(Object.entries(recorded))('%s', async (_, { config, pictures: expected }) => {
    const { captioner, warnings } = await load(config);
    await using model = captioner;
    expect(warnings).toEqual([]);
    for (const [name, captions] of Object.entries(expected)) {
      const found = await model.caption(pictures[name]!, { numCaptions: captions.length });
      // The token that is forced at the beginning is not part of a caption here.
      const skipped = config.forced_bos_token_id === undefined ? 0 : 1;
      expect(
        found.captions.map(({ tokens, finishReason }) => ({
          ids: tokens.map(({ id }) => id),
          isFinished: finishReason === 'stop',
        })),
        name,
      ).toEqual(captions.map(({ ids, isFinished }) => ({ ids: ids.slice(skipped), isFinished })));
    }
  });
});

test.each([
  [{ max_length: null }, 20],
  [{ max_length: 20 }, 20],
  [{ max_length: 21 }, 20],
  [{ max_length: 16 }, 15],
  [{ max_length: 16, max_new_tokens: 12 }, 12],
  [{ max_length: null, forced_bos_token_id: 5 }, 19],
])('%j: the default length of transformers is one of new tokens, others count the start', async (settings, longest) => {
  const { captioner } = await load(settings);
  await captioner.dispose();
  expect(captioner.manifest.generation.maxLength).toBe(longest);
});

describe('a checkpoint that draws', () => {
  const settings = { do_sample: true, top_k: 5, temperature: 0.8, num_beams: 1 };

  test('draws by default, from its own top k, and a call overrides that', async () => {
    const { captioner } = await load(settings);
    await using model = captioner;
    expect(model.manifest.generation.sampling).toEqual({ topK: 5, temperature: 0.8 });
    const picture = pictures.gradient!;
    const drawn = new Set<string>();
    for (let i = 0; i < 12; i++) drawn.add(String((await model.caption(picture)).tokens.map(({ id }) => id)));
    expect(drawn.size).toBeGreaterThan(1);
    const seeded = async () => (await model.caption(picture, { seed: 7 })).tokens.map(({ id }) => id);
    expect(await seeded()).toEqual(await seeded());
    const one = (await model.caption(picture, { topK: 1 })).tokens.map(({ id }) => id);
    const greedy = async (options: object) => (await model.caption(picture, options)).tokens.map(({ id }) => id);
    expect(await greedy({ strategy: 'greedy' })).toEqual(one);
    expect(await greedy({ numBeams: 1 })).toEqual(one);
    expect(await greedy({ numBeams: 3 })).toEqual(await greedy({ strategy: 'beam', numBeams: 3 }));
  });

  test('transformers draws from 50 tokens if nothing is said, and not at all without do_sample', async () => {
    const samplingOf = async (config: object) => {
      const { captioner } = await load({ ...config });
      await captioner.dispose();
      return captioner.manifest.generation.sampling;
    };
    expect(await samplingOf({ do_sample: true })).toEqual({ topK: 50 });
    expect(await samplingOf({ do_sample: false, top_k: 5 })).toBeUndefined();
  });
});

describe('settings without effect', () => {
  test('are warnings, one each, and the model loads', async () => {
    const { captioner, warnings } = await load({
      penalty_alpha: 0.6,
      num_beam_groups: 2,
      diversity_penalty: 0.5,
      sequence_bias: [[[3], 1.5]],
      guidance_scale: 1.5,
      begin_suppress_tokens: [4],
      renormalize_logits: true,
    });
    await captioner.dispose();
    expect(warnings.map(({ code }) => code)).toEqual(Array(7).fill('generation-field-ignored'));
    expect(warnings[0]!.message).toMatch(/generation_config\.json: field "num_beam_groups" has no effect here/);
  });

  test('neutral values are not', async () => {
    const { captioner, warnings } = await load({
      num_beam_groups: 1,
      diversity_penalty: 0,
      sequence_bias: null,
      begin_suppress_tokens: [],
      renormalize_logits: false,
      output_scores: true,
      transformers_version: '9',
      unheard_of: 3,
    });
    await captioner.dispose();
    expect(warnings).toEqual([]);
  });

  test.each([
    [{ bad_words_ids: [[1, 99_999]] }, 'bad_words_ids[0][1]'],
    [{ bad_words_ids: [[]] }, 'bad_words_ids'],
    [{ forced_bos_token_id: 'x' }, 'forced_bos_token_id'],
    [{ do_sample: true, top_p: 2 }, 'top_p'],
    [{ max_length: -1 }, 'max_length'],
  ])('%j is an error', async (settings, field) => {
    const error = await failure(openModel(nodePlatform(), withGeneration(settings)));
    expect(error).toMatchObject({ name: 'ManifestError', field });
  });
});

describe('both configurations of an image processor that distilvit has had', () => {
  test.each([
    { feature_extractor_type: 'ViTFeatureExtractor', size: 32 },
    { feature_extractor_type: 'ViTImageProcessor', size: { height: 32, width: 32 } },
    { image_processor_type: 'ViTFeatureExtractor', size: { height: 32, width: 32 } },
  ])('%j', async (settings) => {
    const files = checkpointFiles('vit');
    const json = { do_normalize: true, do_rescale: true, do_resize: true, resample: 2, ...settings };
    const NAME = 'preprocessor_config.json';
    const model = await openModel(nodePlatform(), { ...files, [NAME]: new TextEncoder().encode(JSON.stringify(json)) });
    await model.release();
    expect(model.manifest.image).toMatchObject({ width: 32, height: 32, resize: 'squash', resample: 'bilinear' });
  });
});
