export type { Hypothesis } from './hypothesis.js';
export type { LogitsProcessor, TokenHistory } from './logits-processors/index.js';
export type { EarlyStopping, SearchOptions } from './options.js';
export { prepareSearch, search } from './search.js';
