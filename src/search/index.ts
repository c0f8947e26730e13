export { BatchedDecoder, type SharedRows } from './batched-decoder.js';
export { type SearchProgress, settledTokens } from './run-search.js';
export { prepareSearch, search } from './search.js';
export type { Hypothesis, PartialHypothesis } from './types/hypothesis.js';
export type { LogitsProcessor, StoppingCriterion, TokenHistory } from './types/rules.js';
export type {
  BeamOptions,
  BeamVariantOptions,
  CommonSearchOptions,
  OneBeam,
  SamplingOptions,
  SearchOptions,
  SearchStrategyName,
  StrategyOptions,
  TokenOptions,
  Without,
} from './types/search-options.js';
export type { EarlyStopping, BeamVariant } from '../core/index.js';
