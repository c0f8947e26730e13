export { CaptionFileError } from '../core/errors/caption-file-error.js';
export { ClipModel, loadClip } from './clip-model.js';
export type { FailedImage, ImageCaption, References, SystemCaptions } from './align.js';
export { type CaptionWithReferences, evaluate, type EvaluateOptions } from './evaluate.js';
export type { BadRow, CaptionFormat, CaptionRow } from './readers/caption-row.js';
export type { TextSource } from './readers/lines.js';
export {
  type CaptionSet,
  readCaptionRows,
  readCaptions,
  type ReadCaptionsOptions,
  type ReadRowsOptions,
} from './readers/read-captions.js';
export {
  type Comparison,
  type EvaluationReport,
  IMAGE_METRIC_NAMES,
  type ImageMetricName,
  type ImageReport,
  METRIC_NAMES,
  type MetricName,
  type SystemInfo,
  type SystemReport,
} from './report.js';
export type { EvaluationWarning, EvaluationWarningCode } from './warnings.js';
export {
  type JudgedShare,
  type Judgement,
  type JudgementSummary,
  summariseJudgements,
  type SystemJudgements,
  type Verdict,
  VERDICTS,
} from './judging.js';
export { type CaptionJudgement, type ResolvedJudgements, resolveJudgements } from './resolve-judgements.js';
export type { ImageTextEmbedder, ImageTextScores, RecallAtRank, RetrievalReport } from './image-text.js';
