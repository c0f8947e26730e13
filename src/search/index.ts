export type { Hypothesis, PartialHypothesis } from './hypothesis.js';
export { Lockstep, type SharedRows } from './lockstep.js';
export type { LogitsProcessor, TokenHistory } from './logits-processors/index.js';
export type {
  BeamOptions,
  BeamVariantOptions,
  CommonSearchOptions,
  EarlyStopping,
  SamplingOptions,
  SearchOptions,
  SearchStrategyName,
  StrategyOptions,
  TokenOptions,
  Without,
} from './options.js';
export type { WhenBeamEnds } from '../core/index.js';
export type { SearchProgress } from './run-search.js';
export { prepareSearch, search } from './search.js';
export { settledTokens } from './settled-tokens.js';
export type { StoppingCriterion } from './stopping-criterion.js';
