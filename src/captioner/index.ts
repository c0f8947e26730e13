/** What users call, give, get and catch, on every runtime. */
export { toAltText, type AltText, type AltTextPolicy, type AltTextReason, type AltTextSource } from './alt-text.js';
export type { CaptionOptions, ReadTextOptions } from './caption-options.js';
export type { CaptionRegion } from './caption-regions.js';
export type {
  Caption,
  CaptionAssessment,
  CaptionResult,
  CaptionTiming,
  CaptionToken,
  CaptionWord,
  FinishReason,
} from './caption-result.js';
export type { CaptionStream } from './caption-stream.js';
export { heatMap, type HeatMap } from './heat-map.js';
export type { CaptionAllOptions, CaptionOutcome } from './captioner.js';
export {
  CaptioneerError,
  DisposedError,
  FetchError,
  ImageTooLargeError,
  ImageUnreadableError,
  InvalidArgumentError,
  ManifestError,
  ModelFileError,
  ModelMismatchError,
  RuntimeError,
} from '../core/errors/index.js';
export type { CaptioneerWarning } from '../core/warning.js';
export type { LoadProgress } from '../core/load-progress.js';
export type { ModelSource } from '../model/index.js';
