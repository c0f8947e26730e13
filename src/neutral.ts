/** The public names that every runtime has. */
export type { Caption, CaptionResult, CaptionTiming, CaptionToken } from './caption.js';
export type { CaptionOptions } from './caption-options.js';
export * from './core/index.js';
export { openModel, type Model, type ModelSource, type OpenModelOptions } from './model/index.js';
export type { EarlyStopping, LogitsProcessor, SearchOptions, TokenHistory } from './search/index.js';
