/** The public names that every runtime has. */
export { toAltText, type AltText, type AltTextPolicy, type AltTextReason, type AltTextSource } from './alt-text.js';
export type {
  Caption,
  CaptionAssessment,
  CaptionResult,
  CaptionTiming,
  CaptionToken,
  CaptionWord,
  FinishReason,
} from './caption-result.js';
export type { CaptionOptions } from './caption-options.js';
export type { GenderSetting } from '../bias/index.js';
export { CaptionStream } from './caption-stream.js';
export type { CaptionAllOptions, CaptionOutcome } from './captioner.js';
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
  BeamVariant,
  Without,
} from '../search/index.js';
export type { WordOptions } from './word-options.js';
