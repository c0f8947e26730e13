import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import {
  AGE_EN,
  confidenceGate,
  createGenderPolicy,
  type Gender,
  GENDER_DE,
  GENDER_EN,
  genderVerdict,
  groupBonus,
  groupGate,
  groupLogOdds,
  groupShare,
  groupWords,
  subtractPrior,
  viewImage,
} from '../../src/bias/index.js';
import { type CaptionDecoder, type EncodedImage, type Tokenizer, InvalidArgumentError } from '../../src/core/index.js';
import { prepareSearch, search } from '../../src/search/index.js';
import { createTokenizer } from '../../src/tokenizers/index.js';

const model = (name: string): Tokenizer => {
  const folder = new URL(`../../models/${name}/`, import.meta.url);
  const description = JSON.parse(readFileSync(new URL('captioneer.json', folder), 'utf8'));
  return createTokenizer(description, readFileSync(new URL('tokenizer.json', folder), 'utf8'));
};
const TOKENIZERS: [string, Tokenizer][] = [
  ['words', model('default')],
  ['byte pairs', model('clip-prefix')],
];

/** A decoder that says the given logits after each text, and the same for every image but one named `blurred`. */
function scripted(
  tokenizer: Tokenizer,
  script: (text: string, image: string) => Record<string, number>,
): CaptionDecoder<{ image: string; rows: number[][] }> {
  const lastOf = (word: string, row: readonly number[]): number => {
    const before = tokenizer.encode(`a ${word}`).slice(tokenizer.encode('a').length);
    const done = before.findIndex((_, at) => endsWith(row, before.slice(0, before.length - 1 - at)));
    return before[before.length - 1 - done]!;
  };
  return {
    vocabularySize: tokenizer.vocabularySize,
    maxPositions: 32,
    start: (image) => ({ image: 'blurred' in image ? 'blurred' : 'sharp', rows: [[]] }),
    reorder: ({ image, rows }, parents) => ({ image, rows: parents.map((parent) => rows[parent]!) }),
    async step({ image, rows }, tokenIds) {
      const next = rows.map((row, index) => [...row, tokenIds[index]!]);
      const logits = new Float32Array(next.length * tokenizer.vocabularySize).fill(-30);
      next.forEach((row, index) => {
        const text = tokenizer.decode(row).trim();
        for (const [word, logit] of Object.entries(script(text, image))) {
          const id = word === '.' ? END : lastOf(word, row);
          logits[index * tokenizer.vocabularySize + id] = logit;
        }
      });
      return { logits, state: { image, rows: next } };
    },
  };
}

const END = 0;
const SHARP: EncodedImage = {};
const BLURRED: EncodedImage = { blurred: { type: 'float32', dims: [1], data: new Float32Array(1) } };

function endsWith(list: readonly number[], end: readonly number[]): boolean {
  return end.every((id, index) => list[list.length - end.length + index] === id);
}

/** After `a`: a man or a woman; then he wears his or her hat. */
const people =
  (odds: number) =>
  (text: string): Record<string, number> => {
    if (text === 'a') return { man: 0, woman: -odds, person: -3, dog: -2 };
    if (/ (man|woman|person|dog)$/u.test(text)) return { in: 0 };
    if (text.endsWith(' in')) return { his: 0, her: -0.1, their: -3 };
    return / (his|her|their)$/u.test(text) ? { hat: 0 } : { '.': 0 };
  };

describe.each(TOKENIZERS)('a vocabulary of %s', (_, tokenizer) => {
  const start = tokenizer.encode('a');
  const say = async (decoder: CaptionDecoder<any>, ...logitsProcessors: any[]): Promise<string> => {
    const options = { startTokenIds: start, endTokenIds: [END], numBeams: 3, maxLength: 12, logitsProcessors };
    const [best] = await search(decoder, SHARP, options);
    return tokenizer.decode([...start, ...best!.tokenIds]).trim();
  };
  const gate = (allowed: Gender[] = []) => groupGate({ tokenizer, lexicon: GENDER_EN, allowed });

  it('groupGate moves the probability of words that are not allowed', async () => {
    const decoder = scripted(tokenizer, people(1));
    expect(await say(decoder)).toBe('a man in his hat');
    expect(await say(decoder, gate())).toBe('a person in their hat');
    // What would have been `his` goes to `their`, which is then likelier than `her`.
    expect(await say(decoder, gate(['female']))).toBe('a person in their hat');
    expect(await say(scripted(tokenizer, people(-1)), gate(['female']))).toMatch(/^a woman in /u);
    expect(await say(decoder, gate(['male']))).toBe('a man in his hat');
    // Without moving, the dog would be likelier than a person.
    const options = { startTokenIds: start, endTokenIds: [END], numBeams: 3, maxLength: 12 };
    const bannedTokenIds = ['man', 'woman', 'his', 'her'].map((word) => tokenizer.encode(`a ${word}`).at(-1)!);
    const [banned] = await search(decoder, SHARP, { ...options, bannedTokenIds });
    expect(tokenizer.decode([...start, ...banned!.tokenIds])).toContain('dog');
  });

  it('keeps the sum of probabilities where each word has a counterpart', async () => {
    const logits = new Float32Array(tokenizer.vocabularySize).fill(-Infinity);
    const id = (word: string): number => tokenizer.encode(`a ${word}`).at(-1)!;
    logits[id('man')] = Math.log(0.5);
    logits[id('woman')] = Math.log(0.2);
    logits[id('person')] = Math.log(0.1);
    logits[id('dog')] = Math.log(0.2);
    gate().process(logits, { startTokenIds: start, tokenIds: [] });
    expect(Math.exp(logits[id('person')]!)).toBeCloseTo(0.8, 6);
    expect(Math.exp(logits[id('dog')]!)).toBeCloseTo(0.2, 6);
    expect(logits[id('man')]).toBe(-Infinity);
  });

  it('leaves a row alone that could not go on otherwise', () => {
    const logits = new Float32Array(tokenizer.vocabularySize).fill(-Infinity);
    const males = tokenizer.encode('a male').at(-1)!; // left out when neutral: no counterpart
    logits[males] = -1;
    gate().process(logits, { startTokenIds: start, tokenIds: [] });
    expect(logits[males]).toBe(-1);
  });

  it('confidenceGate names a group only if its share is large enough', async () => {
    const gateAt = (delta: number, offset = 0) => confidenceGate({ tokenizer, lexicon: GENDER_EN, delta, offset });
    // tanh(1 / 2) = 0.46, tanh(4 / 2) = 0.96
    expect(await say(scripted(tokenizer, people(1)), gateAt(0.5))).toBe('a person in their hat');
    expect(await say(scripted(tokenizer, people(1)), gateAt(0.4))).toBe('a man in his hat');
    expect(await say(scripted(tokenizer, people(4)), gateAt(0.9))).toBe('a man in his hat');
    expect(await say(scripted(tokenizer, people(4)), gateAt(0.9, -3.5))).toBe('a person in their hat');
    // Now the woman is the surer one, but not likelier than the man who becomes a person.
    expect(await say(scripted(tokenizer, people(1)), gateAt(0.9, -6))).toBe('a person in their hat');
    expect(await say(scripted(tokenizer, people(-4)), gateAt(0.9))).toMatch(/^a woman in /u);
  });

  it('subtractPrior takes away what the image without people says', async () => {
    const decoder = scripted(tokenizer, (text, image) => people(image === 'blurred' ? 2 : 1)(text));
    const paired = subtractPrior(decoder, { tokenizer, lexicon: GENDER_EN, prior: BLURRED });
    expect(await say(paired)).toMatch(/^a woman in h/u);
    const unchanged = subtractPrior(decoder, { tokenizer, lexicon: GENDER_EN, prior: BLURRED, alpha: 0 });
    expect(await say(unchanged)).toBe('a man in his hat');
    const step = await paired.step(paired.start(SHARP), [start[0]!]);
    const own = await decoder.step(decoder.start(SHARP), [start[0]!]);
    const mass = (logits: Float32Array): number => logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    expect(mass(step.logits)).toBeCloseTo(mass(own.logits), 4);
  });

  it('groupLogOdds averages over contexts and views', async () => {
    const decoder = scripted(tokenizer, (text, image) =>
      /^a( young)?$/u.test(text) ? { man: 0, woman: image === 'blurred' ? 1 : -2 } : { '.': 0 },
    );
    const evidence = { decoder, tokenizer, startTokenIds: start };
    const contexts = ['young'];
    expect(await groupLogOdds(evidence, GENDER_EN, [SHARP], contexts)).toBeCloseTo(2, 4);
    expect(await groupLogOdds(evidence, GENDER_EN, [SHARP, BLURRED], contexts)).toBeCloseTo(0.5, 4);
  });

  it('the policies carry their settings out', async () => {
    const decoder = scripted(tokenizer, (text) => (/ (a|young)$/u.test(text) ? people(3)('a') : people(3)(text)));
    const evidence = { decoder, tokenizer, startTokenIds: start };
    const thresholds = { male: 2.5, female: -1 };
    const texts: string[] = [];
    for (const [setting, limits] of [
      ['as-is', thresholds],
      ['confident', thresholds],
      ['confident', { male: 30, female: -30 }],
      ['neutral', thresholds],
    ] as const) {
      const policy = createGenderPolicy(setting, { tokenizer, languages: ['en'], thresholds: limits });
      const rules = await policy.forImage(evidence, SHARP, async () => SHARP);
      texts.push(policy.finishText(await say(decoder, ...rules)));
    }
    const neutral = 'a person in their hat';
    expect(texts).toEqual(['a man in his hat', 'a man in his hat', neutral, neutral]);
  });

  it('groupShare is the probability of gendered words after "a"', async () => {
    const decoder = scripted(tokenizer, (text) => (text.endsWith('a') ? { man: 0, woman: -1, dog: 1 } : { '.': 0 }));
    const evidence = { decoder, tokenizer, startTokenIds: start };
    const [man, woman, dog] = [1, Math.exp(-1), Math.exp(1)];
    expect(await groupShare(evidence, GENDER_EN, SHARP)).toBeCloseTo((man + woman) / (man + woman + dog), 4);
  });

  it.each([
    [3.2, 0], // e⁰ / (e⁰ + e^3.2) = 0.04
    [2.6, 3], // 0.07
  ])('confident looks at other views only if it sees people: dog %f, views %i', async (dog, numViews) => {
    const decoder = scripted(tokenizer, (text) => (/(a|young)$/u.test(text) ? { man: 0, dog, woman: -9 } : { '.': 0 }));
    const policy = createGenderPolicy('confident', { tokenizer, thresholds: { male: 1, female: -1 } });
    const encodeView = vi.fn(async () => SHARP);
    const rules = await policy.forImage({ decoder, tokenizer, startTokenIds: start }, SHARP, encodeView);
    expect(encodeView).toHaveBeenCalledTimes(numViews);
    const logits = new Float32Array(tokenizer.vocabularySize);
    for (const rule of rules) rule.process(logits, { startTokenIds: start, tokenIds: [] });
    const man = tokenizer.encode('a man').at(-1)!;
    expect(logits[man]).toBe(numViews === 0 ? -Infinity : 0);
  });

  it('a close-up is about the centre of attention, and inside the image', async () => {
    const decoder = scripted(tokenizer, (text) => (/(a|young)$/u.test(text) ? { man: 0, woman: -3 } : { '.': 0 }));
    const lookingAt = async (row: number, column: number) => {
      const attention = new Float32Array(21).fill(0.001); // 3 rows, 7 columns
      attention[7 * row + column] = 0.98;
      const looking = {
        ...decoder,
        step: async (...of: Parameters<typeof decoder.step>) => ({ ...(await decoder.step(...of)), attention }),
      };
      const policy = createGenderPolicy('confident', { tokenizer, closeUp: { rows: 3, columns: 7 } });
      const encodeView = vi.fn(async () => SHARP);
      await policy.forImage({ decoder: looking, tokenizer, startTokenIds: start }, SHARP, encodeView);
      expect(encodeView).toHaveBeenCalledTimes(4);
      return encodeView.mock.lastCall as unknown[];
    };
    const [{ left, top, ...sides }] = (await lookingAt(1, 5)) as [{ left: number; top: number }];
    expect(sides).toEqual({ width: 0.3, height: 0.3 });
    expect(left).toBeCloseTo(5.5 / 7 - 0.15, 3);
    expect(top).toBeCloseTo(0.5 - 0.15, 3);
    expect(await lookingAt(0, 6)).toMatchObject([{ left: 0.7, top: expect.closeTo(1 / 6 - 0.15, 3) as number }]);
  });

  it('a bonus of 1 makes the odds of a group e times what they were, until the caption has named it', () => {
    const ids = (text: string): number[] => tokenizer.encode(text);
    const [man, person] = [ids('a man').at(-1)!, ids('a person').at(-1)!];
    const logProbs = new Float32Array(tokenizer.vocabularySize).fill(-Infinity);
    logProbs[man] = Math.log(0.25);
    logProbs[person] = Math.log(0.75);
    const rule = groupBonus({ tokenizer, lexicon: GENDER_EN, group: 'male', bonus: 1 });
    const named = logProbs.slice();
    rule.process(named, { startTokenIds: start, tokenIds: ids('a man and a') });
    expect(named).toEqual(logProbs);
    rule.process(logProbs, { startTokenIds: start, tokenIds: ids('a') });
    expect(logProbs[man] - logProbs[person]).toBeCloseTo(Math.log(1 / 3) + 1, 5);
    expect(Math.exp(logProbs[man]) + Math.exp(logProbs[person])).toBeCloseTo(1, 5);
  });
});

describe('words of several byte pairs', () => {
  const tokenizer = TOKENIZERS[1]![1];
  const words = (text: string): number[] => tokenizer.encode(`a ${text}`).slice(tokenizer.encode('a').length);
  const several = [...GENDER_EN.data.groups.male, ...GENDER_EN.data.groups.female].filter(
    (word) => words(word).length > 1,
  );

  it('are forbidden at their last token, and free before', () => {
    expect(several.length).toBeGreaterThan(20);
    const gate = groupGate({ tokenizer, lexicon: GENDER_EN });
    for (const word of several) {
      const ids = words(word);
      const logits = new Float32Array(tokenizer.vocabularySize);
      gate.process(logits, { startTokenIds: [1], tokenIds: [...tokenizer.encode('a'), ...ids.slice(0, -1)] });
      expect(logits[ids.at(-1)!], word).toBe(-Infinity);
    }
  });

  it('a piece that ends a word elsewhere is free after other pieces', () => {
    const pieces = Array.from({ length: tokenizer.vocabularySize }, (_, id) => tokenizer.token(id));
    const man = pieces.indexOf('man'); // without a space before it
    expect(man).toBeGreaterThan(0);
    const gate = groupGate({ tokenizer, lexicon: GENDER_EN });
    const logits = new Float32Array(tokenizer.vocabularySize);
    gate.process(logits, { startTokenIds: [1], tokenIds: words('snow') });
    expect(logits[man]).toBeGreaterThan(-Infinity);
    gate.process(logits, { startTokenIds: [1], tokenIds: [] });
    expect(logits[words('man')[0]!]).toBe(-Infinity);
  });
});

describe('what is refused', () => {
  const [, tokenizer] = TOKENIZERS[0]!;
  it.each([
    () => confidenceGate({ tokenizer, lexicon: GENDER_EN, delta: 2 }),
    () => confidenceGate({ tokenizer, lexicon: GENDER_EN, offset: NaN }),
    () => confidenceGate({ tokenizer, lexicon: AGE_EN }),
    () => groupGate({ tokenizer, lexicon: GENDER_EN, allowed: ['men' as never] }),
    () => groupGate({ tokenizer, lexicon: GENDER_DE }),
    () => groupBonus({ tokenizer, lexicon: GENDER_EN, group: 'men' as never, bonus: 1 }),
    () => groupBonus({ tokenizer, lexicon: GENDER_EN, group: 'male', bonus: -1 }),
    () => subtractPrior({} as never, { tokenizer, lexicon: GENDER_EN, prior: {}, alpha: -1 }),
    () => createGenderPolicy('never' as never, { tokenizer }),
    () => createGenderPolicy('neutral', { tokenizer, languages: ['de-AT'] }),
    () => createGenderPolicy('confident', { tokenizer, thresholds: { male: 0, female: 0 } }),
  ])('%s', (make) => {
    expect(make).toThrow(InvalidArgumentError);
  });
});

describe('small parts', () => {
  it('genderVerdict', () => {
    const thresholds = { male: 2, female: -1 };
    expect([2, 1.9, -0.9, -1].map((odds) => genderVerdict(odds, thresholds))).toEqual([
      'male',
      'none',
      'none',
      'female',
    ]);
  });

  it('groupWords', () => {
    expect(groupWords(GENDER_EN, ['female'])).toContain('woman');
    expect(groupWords(GENDER_EN, ['female'])).not.toContain('man');
    expect(groupWords(GENDER_EN)).toContain('man');
  });

  it('viewImage crops and mirrors', () => {
    const image = { width: 4, height: 2, data: Uint8Array.from({ length: 24 }, (_, index) => Math.floor(index / 3)) };
    const reds = (view: Parameters<typeof viewImage>[1]) => {
      const { data, width, height } = viewImage(image, view);
      return { width, height, reds: Array.from(data).filter((_, index) => index % 3 === 0) };
    };
    const whole = { left: 0, top: 0, width: 1, height: 1 };
    expect(reds(whole)).toEqual({ width: 4, height: 2, reds: [0, 1, 2, 3, 4, 5, 6, 7] });
    expect(reds({ ...whole, isMirrored: true }).reds).toEqual([3, 2, 1, 0, 7, 6, 5, 4]);
    expect(reds({ left: 0.5, top: 0.5, width: 0.5, height: 0.5 })).toEqual({ width: 2, height: 1, reds: [6, 7] });
    expect(reds({ left: 0.9, top: 0.9, width: 0.01, height: 0.01 })).toEqual({ width: 1, height: 1, reds: [7] });
  });
});

it('a search takes the rules (types)', () => {
  const [, tokenizer] = TOKENIZERS[0]!;
  const logitsProcessors = [groupGate({ tokenizer, lexicon: GENDER_EN })];
  const decoder = scripted(tokenizer, people(1));
  expect(prepareSearch(decoder, { startTokenIds: [4], endTokenIds: [END], logitsProcessors })).toBeTypeOf('function');
});
