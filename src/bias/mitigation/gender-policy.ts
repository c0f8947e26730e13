import {
  type EncodedImage,
  GENDER_SETTINGS,
  type GenderSetting,
  type GenderThresholds,
  InvalidArgumentError,
  type Tokenizer,
} from '../../core/index.js';
import type { LogitsProcessor } from '../../search/index.js';
import { type Gender, GENDER_EN } from '../lexicon/data/gender-en.js';
import type { Lexicon } from '../lexicon/lexicon.js';
import { groupGate } from './gates.js';
import { type AttentionGrid, type EncodeView, readViews } from './gender-views.js';
import { groupBonus } from './group-bonus.js';
import { ContextReader, type EvidenceModel, readGroupLogOdds, readGroupShare } from './group-evidence.js';
import { createNeutralRewriter } from './neutral-rewriter.js';

export { GENDER_SETTINGS, type GenderSetting, type GenderThresholds };

/** What a policy is made for. */
export interface GenderPolicyOptions {
  readonly tokenizer: Tokenizer;
  /** Languages of the model, as its manifest lists them: one of them must be the lexicon's. Default: not checked. */
  readonly languages?: readonly string[];
  /** Default `GENDER_EN`. It needs counterparts. */
  readonly lexicon?: Lexicon<Gender>;
  /** Only for `confident`. Default {@link DEFAULT_GENDER_THRESHOLDS}. */
  readonly thresholds?: GenderThresholds | undefined;
  /** Only for `confident`: with it, a close-up of what the model looks at is one of the views. Thresholds depend on it. */
  readonly closeUp?: AttentionGrid | undefined;
  /** Only for `confident`: see `GenderDefaults.wordBonus`. Default 0. */
  readonly wordBonus?: number | undefined;
}

/**
 * How the captioner carries a setting out. For each image: encode the whole of it, ask `forImage` for the rules of its search, and
 * pass finished texts through `finishText`.
 *
 * @example
 * ```ts
 * const policy = createGenderPolicy('confident', { tokenizer });
 * const encodeView = (view) => encoder.encode(toPixelValues(viewImage(raw, view), manifest.image));
 * const rules = await policy.forImage({ decoder, tokenizer, startTokenIds }, encoded, encodeView);
 * const [best] = await search(decoder, encoded, { ...options, logitsProcessors: rules });
 * const text = policy.finishText(tokenizer.decode(best.tokenIds));
 * ```
 */
export interface GenderPolicy {
  readonly setting: GenderSetting;
  /**
   * The rules for the search of one image. They need no memory and may serve several searches.
   *
   * @param whole the encoding of the whole image
   * @param encodeView encodes parts of the image; called only if the setting needs them, and the model sees people in the whole
   * @throws RuntimeError if the decoder fails, and what `encodeView` throws
   */
  forImage(model: EvidenceModel, whole: EncodedImage, encodeView: EncodeView): Promise<readonly LogitsProcessor[]>;
  /** A finished caption, its last gendered words made neutral where the setting is `neutral`; else as it is. */
  finishText(text: string): string;
}

/**
 * Images for which gendered words are less likely than this after "a" are hardly of people: they get no gender, and need not be
 * encoded four times. Chosen on the dev split of Flickr8k: see docs/decisions.
 */
const LEAST_SHARE = 0.05;

/** Chosen on the dev split of Flickr8k with the default model: see docs/decisions and docs/guides/bias.md. */
export const DEFAULT_GENDER_THRESHOLDS: GenderThresholds = { male: 1.95, female: -0.1 };

/**
 * Makes the policy of a setting for one model. Making it checks that the model's vocabulary has the lexicon's words, so that an
 * unsuitable model is refused before an image is read.
 *
 * @throws InvalidArgumentError for an unknown setting, thresholds that are not in order, or a model in another language
 */
export function createGenderPolicy(setting: GenderSetting, options: GenderPolicyOptions): GenderPolicy {
  const { tokenizer, lexicon = GENDER_EN, thresholds = DEFAULT_GENDER_THRESHOLDS, closeUp, wordBonus } = options;
  if (!(GENDER_SETTINGS as readonly unknown[]).includes(setting)) {
    const known = GENDER_SETTINGS.map((name) => `'${name}'`).join(', ');
    throw new InvalidArgumentError('gender', `gender must be one of ${known}, not ${JSON.stringify(setting)}.`);
  }
  if (setting === 'as-is') {
    return { setting, forImage: async () => [], finishText: (text) => text };
  }
  checkLanguage(options.languages, lexicon);
  if (setting === 'neutral') {
    const rules = [groupGate<Gender>({ tokenizer, lexicon })];
    return { setting, forImage: async () => rules, finishText: createNeutralRewriter(lexicon) };
  }
  if (!(thresholds.female < thresholds.male)) {
    throw new InvalidArgumentError('thresholds', 'thresholds.female must be a number below thresholds.male.');
  }
  const rulesOf = verdictRules(tokenizer, lexicon, wordBonus);
  return {
    setting,
    async forImage(model, whole, encodeView) {
      const reader = new ContextReader(model, whole);
      if ((await readGroupShare(model, lexicon, reader)) < LEAST_SHARE) return rulesOf.none;
      const odds = await readGroupLogOdds(model, lexicon, await readViews(model, reader, encodeView, closeUp));
      return rulesOf[genderVerdict(odds, thresholds)];
    },
    finishText: (text) => text,
  };
}

/**
 * The gender that captions of an image may name.
 *
 * @param logOdds log(P_male / P_female), in nats, from `groupLogOdds`
 */
export function genderVerdict(logOdds: number, thresholds: GenderThresholds): Gender | 'none' {
  if (logOdds >= thresholds.male) return 'male';
  return logOdds <= thresholds.female ? 'female' : 'none';
}

/** The rules of the search for each verdict. */
export type VerdictRules = Readonly<Record<Gender | 'none', readonly LogitsProcessor[]>>;

/**
 * @param wordBonus nats by which words of the gender that may be named become likelier; default 0
 * @internal
 */
export function verdictRules(tokenizer: Tokenizer, lexicon: Lexicon<Gender>, wordBonus = 0): VerdictRules {
  const naming = (group: Gender): LogitsProcessor[] => [
    groupGate({ tokenizer, lexicon, allowed: [group] }),
    ...(wordBonus > 0 ? [groupBonus({ tokenizer, lexicon, group, bonus: wordBonus })] : []),
  ];
  return { male: naming('male'), female: naming('female'), none: [groupGate({ tokenizer, lexicon })] };
}

function checkLanguage(languages: readonly string[] | undefined, { data }: Lexicon): void {
  const base = (tag: string): string => tag.split('-')[0]!.toLowerCase();
  if (languages === undefined || languages.some((language) => base(language) === base(data.language))) return;
  const found = languages.join(', ');
  throw new InvalidArgumentError(
    'gender',
    `This model's captions are in ${found}, and the words known for gender are "${data.language}". Use gender: 'as-is'.`,
  );
}
