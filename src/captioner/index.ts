/** The public names that every runtime has. */
export { toAltText, type AltText, type AltTextPolicy } from './alt-text.js';
export type { Caption, CaptionResult, CaptionTiming, CaptionToken, CaptionWord } from './caption-result.js';
export type { CaptionOptions } from './caption-options.js';
export { CaptionStream } from './caption-stream.js';
export type { CaptionAllOptions } from './captioner.js';
export type { CaptionStatistics } from './confidence.js';
export * from '../core/index.js';
export { openModel, type Model, type ModelSource } from '../model/index.js';
export type {
  BeamOptions,
  BeamVariantOptions,
  CommonSearchOptions,
  LogitsProcessor,
  SamplingOptions,
  SearchOptions,
  SearchStrategyName,
  StoppingCriterion,
  StrategyOptions,
  TokenHistory,
  TokenOptions,
  Without,
} from '../search/index.js';
export type { WordOptions } from './word-options.js';
