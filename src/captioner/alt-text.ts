import type { Caption } from './caption-result.js';
import { InvalidArgumentError } from '../core/index.js';

/** What an alternative text must be like. Terms that must or must not come are a matter of decoding: see `WordOptions`. */
export interface AltTextPolicy {
  /**
   * Most characters (as a reader counts them: grapheme clusters), full stop included; the text then ends on a whole word. At
   * least 1. Default no limit; screen readers are said to cope well with 125.
   */
  readonly maxCharacters?: number;
  /** Whether an opening like `A picture of` is left out: that it is a picture is known. Default true. */
  readonly omitsLeadIn?: boolean;
  /** Whether the first letter is upper case; false leaves it as the model's text has it. Default true. */
  readonly sentenceCase?: boolean;
  /** Whether a full stop ends the text; false takes it away. Default true. */
  readonly fullStop?: boolean;
  /** Below this confidence the text is marked for review, 0 … 1. Needs a model with a calibration. Default 0.5 where there is one. */
  readonly minConfidence?: number;
  /** BCP 47 tag of the language, for upper case. Default `en`. */
  readonly language?: string;
}

/** An alternative text, and whether somebody should look at it. */
export interface AltText {
  readonly text: string;
  /** Whether a person should look at it before it is published. */
  readonly needsReview: boolean;
  /** Why, where that is so: the model is unsure, its caption was cut, or nothing is left of it. */
  readonly reasons: readonly ('low-confidence' | 'unfinished' | 'shortened' | 'empty')[];
}

/** Kinds of pictures that say no more than that it is one. */
const KIND = '(?:picture|photo|photograph|image|snapshot|shot|view)';
const LEAD_IN = new RegExp(
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
] as const satisfies (keyof AltTextPolicy)[];

/**
 * Makes an alternative text of a caption: the last step, after all decoding.
 *
 * @throws InvalidArgumentError for a policy that is wrong, or asks for a confidence that the caption has not
 * @example
 * ```ts
 * const { text, needsReview } = toAltText(await captioner.caption('photo.jpg'), { maxCharacters: 125 });
 * ```
 */
export function toAltText(
  caption: Pick<Caption, 'text' | 'isFinished' | 'confidence'>,
  policy: AltTextPolicy = {},
): AltText {
  check(policy, caption.confidence);
  const { omitsLeadIn = true, sentenceCase = true, fullStop = true, minConfidence = 0.5, language = 'en' } = policy;
  const bare = caption.text.trim().replace(/\.$/, '');
  const said = omitsLeadIn ? bare.replace(LEAD_IN, '') : bare;
  const end = fullStop && !/[!?]$/.test(said) ? '.' : '';
  const kept = shorten(said, (policy.maxCharacters ?? Infinity) - end.length);
  const cased = sentenceCase ? kept.slice(0, 1).toLocaleUpperCase(language) + kept.slice(1) : kept;
  const reasons = [
    ...((caption.confidence ?? 1) < minConfidence ? (['low-confidence'] as const) : []),
    ...(caption.isFinished ? [] : (['unfinished'] as const)),
    ...(kept === said ? [] : (['shortened'] as const)),
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

function check(policy: AltTextPolicy, confidence: number | undefined): void {
  const unknown = Object.keys(policy).find((key) => !(KNOWN as readonly string[]).includes(key));
  if (unknown !== undefined) {
    throw new InvalidArgumentError(unknown, `Unknown alt-text policy "${unknown}". Known are ${KNOWN.join(', ')}.`);
  }
  const { maxCharacters, minConfidence } = policy;
  if (maxCharacters !== undefined && !(Number.isInteger(maxCharacters) && maxCharacters >= 1)) {
    throw new InvalidArgumentError('maxCharacters', 'maxCharacters must be an integer of at least 1.');
  }
  if (minConfidence === undefined) return;
  if (!(minConfidence >= 0 && minConfidence <= 1)) {
    throw new InvalidArgumentError('minConfidence', 'minConfidence must be a number from 0 to 1.');
  }
  if (confidence === undefined) {
    throw new InvalidArgumentError(
      'minConfidence',
      'minConfidence needs captions with a confidence; the manifest of this model has no calibration. Leave it out.',
    );
  }
}
