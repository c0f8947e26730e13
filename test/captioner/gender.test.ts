import { afterAll, describe, expect, test } from 'vitest';
import { GENDER_EN, genderVerdict } from '../../src/bias/index.js';
import { nodePlatform } from '../../src/adapters/node/index.js';
import type { GenderDefaults } from '../../src/core/index.js';
import { Captioner, type CaptionOptions, InvalidArgumentError } from '../../src/index.js';
import { openModel } from '../../src/model/index.js';
import { picture } from './pictures.js';

const captioner = await Captioner.load();
afterAll(() => captioner.dispose());

/** A photograph of a woman in a spacesuit. */
const ASTRONAUT = picture('astronaut');
const SETTINGS = ['as-is', 'confident', 'neutral'] as const;

describe('gender', () => {
  test('neutral names none, in any of the captions, and they are about a person still', async () => {
    // Every caption begins as one of a woman would go on.
    for (const prefix of ['', 'a', 'a young']) {
      const { captions } = await captioner.caption(ASTRONAUT, {
        gender: 'neutral',
        numBeams: 4,
        numCaptions: 4,
        prefix,
      });
      const categories = captions.map(({ text }) => GENDER_EN.categorize(text));
      expect(categories.every((category) => category === 'neutral' || category === 'none')).toBe(true);
      expect(categories).toContain('neutral');
    }
  });

  test('the default is that of the manifest', async () => {
    const { setting } = captioner.manifest.gender!;
    const { text } = await captioner.caption(ASTRONAUT);
    expect(await captioner.caption(ASTRONAUT, { gender: setting! })).toMatchObject({ text });
    expect(GENDER_EN.categorize((await captioner.caption(ASTRONAUT, { gender: 'as-is' })).text)).toBe('male');
  });

  test('setting and thresholds are those of the manifest', async () => {
    const platform = nodePlatform();
    const model = await openModel(platform);
    const categoryOf = async (gender: GenderDefaults | undefined, options?: CaptionOptions) => {
      const manifest = { ...model.manifest, gender };
      const other = new Captioner(platform, { ...model, manifest, release: () => Promise.resolve() } as typeof model);
      return GENDER_EN.categorize((await other.caption(ASTRONAUT, options)).text);
    };
    expect(await categoryOf(undefined)).toBe('male');
    expect(await categoryOf({ setting: 'neutral' })).toBe('neutral');
    const sure = { setting: 'confident', thresholds: { male: -30, female: -31 } } as const;
    expect(await categoryOf(sure)).toBe('male');
    expect(await categoryOf({ ...sure, thresholds: { male: 31, female: 30 } })).not.toBe('male');
    expect(await categoryOf({ ...sure, thresholds: { male: 30, female: -30 } })).toBe('neutral');
    expect(await categoryOf({ thresholds: { male: 30, female: -30 } }, { gender: 'confident' })).toBe('neutral');
    await model.release();
  });

  test('each setting gives the same in a stream and in a batch', async () => {
    for (const gender of SETTINGS) {
      const { text } = await captioner.caption(ASTRONAUT, { gender });
      let streamed = '';
      for await (const piece of captioner.stream(ASTRONAUT, { gender })) streamed += piece;
      expect(streamed).toBe(text);
      const batch: string[] = [];
      for await (const outcome of captioner.captionAll([ASTRONAUT, picture('cat')], { gender })) {
        if (outcome.status === 'fulfilled') batch.push(outcome.value.text);
      }
      expect(batch[0]).toBe(text);
    }
  });

  test('it goes together with rules of the caller', async () => {
    const seen: number[] = [];
    const logitsProcessors = [{ name: 'watch', process: (logits: Float32Array) => void seen.push(logits.length) }];
    const { text } = await captioner.caption(ASTRONAUT, { gender: 'neutral', logitsProcessors });
    expect(seen.length).toBeGreaterThan(0);
    expect(GENDER_EN.categorize(text)).toBe('neutral');
  });

  test('another value is refused', async () => {
    const wrong = { gender: 'never' as never };
    await expect(captioner.caption(ASTRONAUT, wrong)).rejects.toThrow(InvalidArgumentError);
    await expect(captioner.caption(ASTRONAUT, wrong)).rejects.toMatchObject({ argument: 'gender' });
  });

  test('the evidence tells what confident says, whatever the setting', async () => {
    const { genderEvidence: evidence } = await captioner.caption(ASTRONAUT, {
      gender: 'neutral',
      genderEvidence: true,
    });
    const { logOdds, captions } = evidence!;
    expect(GENDER_EN.categorize(captions.male)).toBe('male');
    expect(GENDER_EN.categorize(captions.female)).not.toBe('male');
    expect(GENDER_EN.categorize(captions.none)).toBe('neutral');
    const { text } = await captioner.caption(ASTRONAUT, { gender: 'confident' });
    expect(captions[genderVerdict(logOdds, captioner.manifest.gender!.thresholds!)]).toBe(text);
    for await (const outcome of captioner.captionAll([ASTRONAUT, picture('cat')], { genderEvidence: true })) {
      if (outcome.index > 0) break;
      const value = outcome.status === 'fulfilled' ? outcome.value : undefined;
      expect(value?.genderEvidence).toEqual(evidence);
      expect(JSON.parse(JSON.stringify(value))).toHaveProperty('genderEvidence', evidence);
    }
    expect(await captioner.caption(ASTRONAUT)).not.toHaveProperty('genderEvidence');
  });
});
