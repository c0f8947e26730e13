export type { ByteSource } from './byte-source.js';
export type { CaptionDecoder, DecoderStep, LogitsSummary } from './caption-decoder.js';
export * from './errors/index.js';
export type { EncodedImage, EncodedRegion, ImageEncoder } from './image-encoder.js';
export { RESAMPLE_FILTERS, RESIZE_RULES, type ImageSpec, type ResampleFilter, type ResizeRule } from './image-spec.js';
export {
  CAPTION_DETAILS,
  CONFIDENCE_FEATURES,
  EARLY_STOPPING,
  BEAM_VARIANTS,
  PROMPT_USES,
} from './manifest/manifest.js';
export { GENDER_SETTINGS, type GenderDefaults, type GenderSetting, type GenderThresholds } from './manifest/gender.js';
export type {
  Calibration,
  CaptionDetail,
  ConfidenceFeature,
  EarlyStopping,
  GenerationDefaults,
  SamplingDefaults,
  GraphFile,
  LogisticRegression,
  Manifest,
  ModelDescription,
  ModelFile,
  PrefixSpec,
  PromptedTask,
  PromptedTasks,
  BoxSpec,
  SpecialTokens,
  BeamVariant,
  PromptUse,
} from './manifest/manifest.js';
export { modelFilesFromBuffers, type ModelBuffers } from './model-buffers.js';
export {
  DEVICES,
  DTYPES,
  type Device,
  type ExecutionDevice,
  type Dtype,
  type DtypeOption,
  type HubOptions,
  type Limits,
  type LoadOptions,
  type OpenModelOptions,
  type PlatformOptions,
} from './load-options.js';
export type { LoadProgress } from './load-progress.js';
export type { DecodeImageOptions, Fingerprint, ModelFiles, FindModelFilesOptions, Platform } from './platform.js';
export type { RawImage } from './raw-image.js';
export type { GraphSource, Session, SessionOptions, TensorInfo } from './session.js';
export {
  elementCount,
  float32Tensor,
  int64Tensor,
  type NamedTensors,
  type Tensor,
  type TensorDataByType,
  type TensorType,
  zeros,
} from './tensor.js';
export type { DecodeTextOptions, Tokenizer } from './tokenizer.js';
export { warnOnce, type CaptioneerWarning, type WarningListener } from './warning.js';
