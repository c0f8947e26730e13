export { bleu, BleuAccumulator, bleuOfCounts, type BleuCounts, type BleuResult, type BleuScores } from './bleu.js';
export { cider, CiderAccumulator, ciderD, type CiderOptions, type CiderVariant } from './cider.js';
export type { MeanScore, MetricAccumulator, TokenizedImage } from './caption-sets.js';
export { DocumentFrequencies } from './document-frequencies.js';
export { rougeL, RougeLAccumulator } from './rouge-l.js';
export { tokenize } from './tokenizer/tokenize.js';
export {
  bootstrap,
  type BootstrapEstimate,
  type BootstrapOptions,
  bootstrapSamples,
  estimateOf,
  meanOf,
  pairedBootstrap,
  type PairedEstimate,
  pairedEstimateOf,
  type Statistic,
} from './bootstrap.js';
export { type Interval, ruleOfThree, wilsonInterval } from './intervals.js';
export {
  CLIP_SCORE_PREFIX,
  clipScore,
  clipScores,
  cosine,
  type Embedding,
  refClipScore,
  retrieval,
  type RetrievalScores,
} from './embeddings.js';
export { meteorLight, MeteorLightAccumulator } from './meteor-light.js';
export {
  captionKeys,
  type LengthStatistics,
  VocabularyAccumulator,
  type VocabularyOptions,
  type VocabularyStatistics,
  vocabularyStatistics,
} from './vocabulary.js';
