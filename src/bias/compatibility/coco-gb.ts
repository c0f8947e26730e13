import { COCO_GB } from '../lexicon/data/coco-gb.js';
import type { Gender } from '../lexicon/data/gender-en.js';
import { divide } from '../measures/divide.js';
import { checkLabel, type LabelledCaption } from './labelled-caption.js';

/** The four classes of COCO-GB: one gender, both or a neutral word only, or no person at all. */
export type CocoGbClass = Gender | 'neutral' | 'none';

/** How COCO-GB's words are looked for. */
export interface CocoGbOptions {
  /**
   * `published`: as in the published script, which asks for a character before and after the word and so misses a word at the
   * start or the end of the text. `corrected`: also there. Default `published`.
   */
  readonly matching?: 'published' | 'corrected';
}

/** Numbers of captions of one gender's images by class. */
export interface CocoGbCounts {
  readonly total: number;
  readonly correct: number;
  readonly wrong: number;
  /** Both genders, or a neutral word. */
  readonly neutral: number;
  /** No word of the lists: the script leaves these out of the rates per gender. */
  readonly none: number;
}

/** Rates of one gender's images: of correct + wrong + neutral, as the script divides. Null if that is 0. */
export interface CocoGbRates {
  readonly correct: number | null;
  readonly wrong: number | null;
  readonly neutral: number | null;
}

/** What COCO-GB's script prints. */
export interface CocoGbResult {
  readonly male: CocoGbCounts & { readonly rates: CocoGbRates };
  readonly female: CocoGbCounts & { readonly rates: CocoGbRates };
  /** wrong / all labelled images. */
  readonly error: number | null;
  /** Captions that name men / captions that name one gender. */
  readonly maleShare: number | null;
}

/** Python's `\W`: neither a letter, nor a digit or other number, nor `_`. */
const NON_WORD = String.raw`[^\p{L}\p{N}_]`;

function patternOf(words: readonly string[], isCorrected: boolean): RegExp {
  const [before, after] = isCorrected ? [`(?:^|${NON_WORD})`, `(?:$|${NON_WORD})`] : [NON_WORD, NON_WORD];
  return new RegExp(`${before}(?:${words.join('|')})${after}`, 'u');
}

const { groups, neutral } = COCO_GB.data;
const patterns = (isCorrected: boolean): Readonly<Record<Gender | 'neutral', RegExp>> => ({
  male: patternOf(groups.male, isCorrected),
  female: patternOf(groups.female, isCorrected),
  neutral: patternOf(neutral, isCorrected),
});
const PATTERNS = { published: patterns(false), corrected: patterns(true) };

/** The class of a caption by COCO-GB's words. */
export function cocoGbClass(caption: string, { matching = 'published' }: CocoGbOptions = {}): CocoGbClass {
  const { male, female, neutral } = PATTERNS[matching];
  const text = caption.toLowerCase();
  const namesMale = male.test(text);
  const namesFemale = female.test(text);
  if (namesMale !== namesFemale) return namesMale ? 'male' : 'female';
  return namesMale || neutral.test(text) ? 'neutral' : 'none';
}

/**
 * Counts as COCO-GB does: Tang et al. 2021, Mitigating Gender Bias in Captioning Systems (https://arxiv.org/abs/2006.08315),
 * after the published script. Labels are given by that corpus.
 *
 * @throws InvalidArgumentError for a label other than `male` and `female`, with its row
 */
export function evaluateCocoGb(captions: Iterable<LabelledCaption>, options: CocoGbOptions = {}): CocoGbResult {
  const counts = { male: emptyCounts(), female: emptyCounts() };
  let row = 0;
  for (const { caption, label } of captions) {
    checkLabel(label, ++row);
    const named = cocoGbClass(caption, options);
    const count = counts[label];
    count.total++;
    if (named === 'neutral' || named === 'none') count[named]++;
    else count[named === label ? 'correct' : 'wrong']++;
  }
  const { male, female } = counts;
  const namedMale = male.correct + female.wrong;
  const namedFemale = female.correct + male.wrong;
  return {
    male: { ...male, rates: ratesOf(male) },
    female: { ...female, rates: ratesOf(female) },
    error: divide(male.wrong + female.wrong, male.total + female.total),
    maleShare: divide(namedMale, namedMale + namedFemale),
  };
}

function emptyCounts(): { -readonly [K in keyof CocoGbCounts]: number } {
  return { total: 0, correct: 0, wrong: 0, neutral: 0, none: 0 };
}

function ratesOf({ correct, wrong, neutral }: CocoGbCounts): CocoGbRates {
  const total = correct + wrong + neutral;
  return { correct: divide(correct, total), wrong: divide(wrong, total), neutral: divide(neutral, total) };
}
