import { GENDER_EN } from '../bias/lexicon/data/gender-en.js';
import {
  createGenderPolicy,
  type GenderPolicyOptions,
  type VerdictRules,
  verdictRules,
} from '../bias/mitigation/gender-policy.js';
import { type EncodeView, readViews } from '../bias/mitigation/gender-views.js';
import { ContextReader, readGroupLogOdds } from '../bias/mitigation/group-evidence.js';
import type { EncodedImage } from '../core/index.js';
import type { Model } from '../model/index.js';

/** What the policy of a setting is made of, for one model: what its manifest says of gender. */
export function genderPolicyOptions({
  manifest,
  tokenizer,
}: Pick<Model, 'manifest' | 'tokenizer'>): GenderPolicyOptions {
  const { gender, languages, regions } = manifest;
  return {
    tokenizer,
    languages,
    thresholds: gender?.thresholds,
    closeUp: gender?.hasCloseUp ? regions : undefined,
    wordBonus: gender?.wordBonus,
  };
}

/** What the evidence of one image is gathered with. */
export interface EvidenceGatherer {
  /** The evidence, from an image that is encoded already. */
  logOdds(whole: EncodedImage, encodeView: EncodeView): Promise<number>;
  /** The rules of the search for each verdict. */
  readonly rules: VerdictRules;
}

/**
 * @throws InvalidArgumentError for a model that does not write English
 */
export function createEvidenceGatherer(model: Model): EvidenceGatherer {
  const { manifest, decoder, tokenizer } = model;
  const options = genderPolicyOptions(model);
  createGenderPolicy('confident', options); // refuses what `confident` would refuse
  const reading = { decoder, tokenizer, startTokenIds: manifest.tokens.start };
  return {
    async logOdds(whole, encodeView) {
      const views = await readViews(reading, new ContextReader(reading, whole), encodeView, options.closeUp);
      return readGroupLogOdds(reading, GENDER_EN, views);
    },
    rules: verdictRules(tokenizer, GENDER_EN, options.wordBonus),
  };
}
