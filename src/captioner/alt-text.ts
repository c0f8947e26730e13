import type { Caption } from './caption-result.js';
import { InvalidArgumentError } from '../core/index.js';
import { addImageText } from './image-text.js';
import { checks, describeValue, OptionReader } from '../validate/index.js';

/** What an alternative text must be like. Terms that must or must not come are a matter of decoding: see `WordOptions`. */
export interface AltTextPolicy {
  /**
   * Most characters (as a reader counts them: grapheme clusters), full stop included; the text then ends on a whole word. At
   * least 1. Default no limit; screen readers are said to cope well with 125.
   */
  readonly maxCharacters?: number;
  /** Whether an opening like `A picture of` is left out: that it is an image is known. Default true. */
  readonly omitsLeadIn?: boolean;
  /** Whether the first letter is upper case; false leaves it as the model's text has it. Default true. */
  readonly sentenceCase?: boolean;
  /** Whether a full stop ends the text; false takes it away. Default true. */
  readonly fullStop?: boolean;
  /**
   * Below this confidence, 0 … 1, the text is marked for review. Needs a model with a calibration. Default: what the caption's
   * `assessment` says.
   */
  readonly minConfidence?: number;
  /** BCP 47 tag of the language, for upper case and for the words around `imageText`. Default `en`. */
  readonly language?: string;
  /**
   * The text in the image, as `readText` gives it: it is added in quotation marks (`A sign reading 'Exit' on a wall.`), as far as
   * `maxCharacters` leaves room for at least a word of it, and unless the caption says it already. Default none.
   */
  readonly imageText?: string;
}

/** What an alternative text is made of. */
export type AltTextSource = Pick<Caption, 'text'> &
  Partial<Pick<Caption, 'confidence' | 'assessment' | 'finishReason'>>;

/** An alternative text, and whether somebody should look at it. */
export interface AltText {
  /** Empty if there is nothing to describe, which for `alt` means that the image is decoration. */
  readonly text: string;
  /** Whether a person should look at it before it is published. */
  readonly needsReview: boolean;
  /**
   * Why: the model is not sure; it takes the image for a blank one; its caption was cut; it was shortened to fit; nothing is left
   * of it.
   */
  readonly reasons: readonly AltTextReason[];
}

/** Why a person should look at an alternative text. */
export type AltTextReason = 'low-confidence' | 'nothing-to-describe' | 'unfinished' | 'shortened' | 'empty';

/** Words that say no more than that it is an image. */
const KIND = '(?:picture|photo|photograph|image|snapshot|shot|view)';
/** Openings that say no more than that it is an image. */
export const LEAD_IN = new RegExp(
  `^(?:this is |there is |here is )?(?:an? |the )?(?:close[- ]?up )?${KIND} (?:of|showing) (?=\\S)`,
  'i',
);
/** Words that no sentence ends on. */
const DANGLING =
  /(?:^|[\s,;:–-]+)(?:an?|the|and|or|of|in|on|at|to|with|by|for|from|into|next|near|is|are|that|which|his|her|its|their)$/i;

const KNOWN = [
  'maxCharacters',
  'omitsLeadIn',
  'sentenceCase',
  'fullStop',
  'minConfidence',
  'language',
  'imageText',
] as const satisfies (keyof AltTextPolicy)[];

/**
 * Makes an alternative text of a caption: the last step, after all decoding.
 *
 * @param caption a result of the captioner, or its text and whatever else is known of it
 * @throws InvalidArgumentError for a policy that is wrong, or asks for a confidence that the caption has not
 * @example
 * ```ts
 * const { text, needsReview } = toAltText(await captioner.caption('photo.jpg'), { maxCharacters: 125 });
 * ```
 */
export function toAltText(caption: AltTextSource, policy?: AltTextPolicy): AltText {
  checkCaption(caption);
  const given = readPolicy(policy, caption.confidence);
  const { assessment } = caption;
  const isNothing = assessment === 'nothing-to-describe';
  if (isNothing && given.imageText.trim() === '') return { text: '', needsReview: true, reasons: [assessment] };
  const bare = isNothing ? '' : caption.text.trim().replace(/\.$/, '');
  const plain = given.omitsLeadIn ? bare.replace(LEAD_IN, '') : bare;
  const isEnded = /[!?]$/.test(plain) && given.imageText === '';
  const room = given.maxCharacters - (given.fullStop && !isEnded ? 1 : 0);
  const own = shorten(plain, room);
  const { text: kept, isShortened } = addImageText(own, given.imageText, given.language, room, shorten);
  const end = given.fullStop && !/[!?]$/.test(kept) ? '.' : '';
  const cased = given.sentenceCase ? kept.slice(0, 1).toLocaleUpperCase(given.language) + kept.slice(1) : kept;
  const isUnsure =
    given.minConfidence === undefined
      ? assessment === 'review'
      : caption.confidence !== undefined && caption.confidence < given.minConfidence;
  const reasons: AltTextReason[] = [
    ...(isNothing ? [assessment] : []),
    ...(isUnsure ? (['low-confidence'] as const) : []),
    ...((caption.finishReason ?? 'stop') === 'stop' ? [] : (['unfinished'] as const)),
    ...(own === plain && !isShortened ? [] : (['shortened'] as const)),
    ...(kept === '' ? (['empty'] as const) : []),
  ];
  return { text: cased === '' ? '' : cased + end, needsReview: reasons.length > 0, reasons };
}

/** The first whole words that fit, without those that no sentence ends on. */
function shorten(text: string, maxCharacters: number): string {
  const clusters = [...new Intl.Segmenter().segment(text)];
  if (clusters.length <= maxCharacters) return text;
  const cut = clusters[Math.max(0, maxCharacters)]?.index ?? text.length;
  const isAtWordEnd = /\s/.test(text.charAt(cut));
  let kept = isAtWordEnd ? text.slice(0, cut) : text.slice(0, cut).replace(/\S+$/, '');
  for (let before = ''; before !== kept;) {
    before = kept;
    kept = kept.replace(/[\s,;:–-]+$/, '').replace(DANGLING, '');
  }
  return kept;
}

function checkCaption(caption: unknown): void {
  if (typeof (caption as Partial<Caption> | null | undefined)?.text === 'string') return;
  const hint = typeof caption === 'string' ? ' Give { text } for a text of your own.' : '';
  throw new InvalidArgumentError(
    'caption',
    `toAltText() takes a caption, such as what caption() gives, not ${describeValue(caption)}.${hint}`,
  );
}

function readPolicy(policy: AltTextPolicy | undefined, confidence: number | undefined) {
  const given = new OptionReader(policy, KNOWN, { of: 'toAltText()' });
  const minConfidence = given.share('minConfidence');
  if (minConfidence !== undefined && confidence === undefined) {
    throw new InvalidArgumentError(
      'minConfidence',
      'minConfidence needs captions with a confidence; the manifest of this model has no calibration. Leave it out.',
    );
  }
  return {
    minConfidence,
    maxCharacters: given.integer('maxCharacters', 1) ?? Infinity,
    omitsLeadIn: given.boolean('omitsLeadIn') ?? true,
    sentenceCase: given.boolean('sentenceCase') ?? true,
    fullStop: given.boolean('fullStop') ?? true,
    language: given.read('language', LANGUAGE) ?? 'en',
    imageText: given.read('imageText', checks.text) ?? '',
  };
}

const LANGUAGE: checks.Check<string> = {
  expected: 'a BCP 47 language tag, such as "en"',
  choices: [],
  accepts: (value): value is string => typeof value === 'string' && /^[a-z]{2,8}(-[a-z0-9]{1,8})*$/i.test(value),
};
