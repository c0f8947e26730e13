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
export type { AttentionGrid, EncodeView } from './mitigation/gender-views.js';
export { groupBonus, type GroupBonusOptions } from './mitigation/group-bonus.js';
export { EVIDENCE_CONTEXTS, type EvidenceModel, groupLogOdds, groupShare } from './mitigation/group-evidence.js';
export { type ImageView, viewImage } from './mitigation/image-view.js';
export { type PriorSubtractionOptions, subtractPrior } from './mitigation/prior-subtraction.js';
export { rerankByGroup, type RankedCaption } from './mitigation/rerank.js';
export { type Rate, rateOf } from './measures/rate.js';
export {
  type ConfusionMatrix,
  confusionMatrix,
  type Misclassification,
  misclassification,
} from './measures/misclassification.js';
export { type ConfidenceAccuracy, confidenceProtocol } from './measures/confidence-protocol.js';
export { jointScore, referenceFidelity } from './measures/fidelity.js';
export { type NeutralQuality, neutralQuality } from './measures/neutral-quality.js';
export {
  type AmplificationOptions,
  type BiasAmplification,
  biasAmplification,
  type Cell,
  type DirectedAmplification,
} from './measures/amplification.js';
export {
  type CurveFigures,
  type EvidenceImage,
  type GenderEvidence,
  type ThresholdCurve,
  thresholdCurve,
  type ThresholdCurveOptions,
  type ThresholdPoint,
} from './measures/threshold-curve.js';
export { type BagOfWordsLeakage, bagOfWordsLeakage, type LeakageOptions } from './measures/leakage.js';
export { biasReport, type BiasReport, type BiasReportOptions, type BiasWarning } from './report.js';
export { type BiasComparison, type BiasComparisonOptions, compareBias } from './compare.js';
