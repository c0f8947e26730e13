export { createLexicon } from './lexicon/create-lexicon.js';
export { extendLexicon, type LexiconChanges } from './lexicon/extend-lexicon.js';
export { type Category, type Lexicon, type LexiconData, type LexiconMatch } from './lexicon/lexicon.js';
export { AGE_EN, type AgeGroup } from './lexicon/data/age-en.js';
export { COCO_GB } from './lexicon/data/coco-gb.js';
export { GENDER_DE } from './lexicon/data/gender-de.js';
export { type Gender, GENDER_EN } from './lexicon/data/gender-en.js';
export { HENDRICKS_2018 } from './lexicon/data/hendricks-2018.js';
export {
  type CategoryCounts,
  countCategories,
  labelFromCounts,
  labelFromReferences,
  type LabelRule,
} from './labels.js';
export { type CaptionedImage, type SortedImage, sortImages } from './images.js';
export { jensenShannonDivergence } from './measures/divergence.js';
export {
  type CocoGbClass,
  cocoGbClass,
  type CocoGbCounts,
  type CocoGbOptions,
  type CocoGbRates,
  type CocoGbResult,
  evaluateCocoGb,
} from './compatibility/coco-gb.js';
export {
  confidenceHendricks2018,
  type ConfidenceLevel,
  evaluateHendricks2018,
  hendricks2018Gender,
  type Hendricks2018Result,
  type OutcomeCounts,
} from './compatibility/hendricks-2018.js';
export type { LabelledCaption } from './compatibility/labelled-caption.js';
export { wordTokenize } from './compatibility/word-tokenize.js';
export { createNeutralRewriter } from './mitigation/neutral-rewriter.js';
export {
  confidenceGate,
  type ConfidenceGateOptions,
  groupGate,
  type GroupGateOptions,
  groupWords,
} from './mitigation/gates.js';
export {
  createGenderPolicy,
  DEFAULT_GENDER_THRESHOLDS,
  GENDER_SETTINGS,
  type GenderPolicy,
  type GenderPolicyOptions,
  type GenderSetting,
  type GenderThresholds,
  genderVerdict,
} from './mitigation/gender-policy.js';
export { EVIDENCE_CONTEXTS, type EvidenceModel, groupLogOdds } from './mitigation/group-evidence.js';
export { type ImageView, viewImage } from './mitigation/image-view.js';
export { type PriorSubtractionOptions, subtractPrior } from './mitigation/prior-subtraction.js';
