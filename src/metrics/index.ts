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
  meanOf,
  pairedBootstrap,
  type PairedEstimate,
  type Statistic,
} from './bootstrap.js';
export { type Interval, ruleOfThree, wilsonInterval } from './intervals.js';
