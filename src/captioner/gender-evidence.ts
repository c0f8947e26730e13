import { type Gender, GENDER_EN } from '../bias/lexicon/data/gender-en.js';
import { groupGate } from '../bias/mitigation/gates.js';
import { createGenderPolicy } from '../bias/mitigation/gender-policy.js';
import { groupLogOdds } from '../bias/mitigation/group-evidence.js';
import { viewImage } from '../bias/mitigation/image-view.js';
import type { EncodedImage, RawImage } from '../core/index.js';
import type { Model } from '../model/index.js';
import { toPixelValues } from '../preprocess/index.js';
import type { LogitsProcessor } from '../search/index.js';

/** What the evidence of one image is gathered with. */
export interface EvidenceGatherer {
  /** The evidence, from an image that is encoded already. */
  logOdds(raw: RawImage, whole: EncodedImage): Promise<number>;
  /** The rules of the search for each verdict. */
  readonly rules: Readonly<Record<Gender | 'none', readonly LogitsProcessor[]>>;
}

/**
 * @throws InvalidArgumentError for a model that does not write English
 */
export function createEvidenceGatherer({ manifest, encoder, decoder, tokenizer }: Model): EvidenceGatherer {
  const { views } = createGenderPolicy('confident', { tokenizer, languages: manifest.languages });
  const rule = (...allowed: Gender[]): LogitsProcessor[] => [groupGate({ tokenizer, lexicon: GENDER_EN, allowed })];
  return {
    async logOdds(raw, whole) {
      const encoded = [whole];
      for (const view of views.slice(1)) {
        encoded.push(await encoder.encode(toPixelValues(viewImage(raw, view), manifest.image)));
      }
      return await groupLogOdds({ decoder, tokenizer, startTokenIds: manifest.tokens.start }, GENDER_EN, encoded);
    },
    rules: { male: rule('male'), female: rule('female'), none: rule() },
  };
}
