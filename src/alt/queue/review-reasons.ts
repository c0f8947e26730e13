import { GENDER_EN, type Lexicon } from '../../bias/index.js';
import type { AltText, CaptionResult } from '../../captioner/index.js';
import type { ImageContext } from '../source/source-image.js';
import type { ReviewReason } from './queue.js';

/**
 * Entropy of an image's colours, in bits, below which it is taken for a graphic. Screenshots of this project's page have 1.7 to 4.3,
 * drawn charts and pages of text 1.3; photographs from 5.2 up, as far as looked at (`CaptionStatistics.colorEntropy`).
 */
const GRAPHIC_COLOR_ENTROPY = 4.4;
/** Captions agree if they share at least this part of their content words. */
const LEAST_AGREEMENT = 1 / 3;

const WRITTEN =
  /\b(?:signs?|text|letters?|letterings?|writings?|written|words?|screens?|monitors?|posters?|billboards?|banners?|logos?|newspapers?|magazines?|menus?|labels?|graffiti|numbers?|laptops?|keyboards?)\b/i;
const FUNCTION_WORDS = new Set(
  'a an the and or of in on at to with by for from into next near is are was has have that which his her its their it this there while as up down out over under front behind'.split(
    ' ',
  ),
);
const PEOPLE: Lexicon = GENDER_EN;

/**
 * Why a person should look at the texts of an image, wherever it is.
 *
 * @param imageText what the model read in the image; empty if it read nothing, or was not asked to
 */
export function reasonsOfImage(result: CaptionResult, best: AltText, imageText = ''): ReviewReason[] {
  const { captions, statistics } = result;
  const reasons = new Set<ReviewReason>(best.reasons);
  if (best.text !== '') {
    if (captions.some(({ text }) => PEOPLE.categorize(text) !== 'none')) reasons.add('people');
    if (imageText !== '' || captions.some(({ text }) => WRITTEN.test(text))) reasons.add('text-in-image');
    if (!agree(captions.map(({ text }) => text))) reasons.add('beams-disagree');
  }
  if (statistics.colorEntropy < GRAPHIC_COLOR_ENTROPY) reasons.add('graphic');
  return [...reasons];
}

/** Why a person should look at the text of an image at its place. */
export function reasonsOfPlace({ linkText }: ImageContext): ReviewReason[] {
  return linkText === '' ? ['link'] : [];
}

function agree(texts: readonly string[]): boolean {
  const [best, ...others] = texts.map(contentWords);
  return others.every((other) => {
    const shared = [...other].filter((word) => best!.has(word)).length;
    return shared >= LEAST_AGREEMENT * new Set([...other, ...best!]).size;
  });
}

function contentWords(text: string): ReadonlySet<string> {
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  return new Set(words.filter((word) => !FUNCTION_WORDS.has(word)));
}
