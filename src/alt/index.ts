export { QueueFileError } from '../core/errors/queue-file-error.js';
export { SourceFileError } from '../core/errors/source-file-error.js';
export { findImages, type FindOptions } from './source/find-images.js';
export type { AltPlace, AltState, ByteRange, ImageContext, Notation, SourceImage } from './source/source-image.js';
export { SOURCE_EXTENSIONS, type Syntax, syntaxOf } from './source/syntax.js';
export { type LintFinding, type LintOptions, type LintRule, lintTexts, missingTexts } from './lint/rules.js';
export { githubReport, jsonReport, sarifReport, textReport } from './lint/reports.js';
export {
  type AltDecision,
  type AltItem,
  type AltProposal,
  type AltQueue,
  EMPTY_QUEUE,
  type ImageProposals,
  proposalsOf,
  type ReviewReason,
  withDecision,
} from './queue/queue.js';
export { isAltDecision, readQueue, readQueueIfThere, writeQueue } from './queue/queue-file.js';
export {
  type AltCaptioner,
  type SourceFile,
  writeProposals,
  type WriteOptions,
  type WriteResult,
} from './queue/write-proposals.js';
export { type AppliedFile, applyQueue, type ApplyOptions, type ApplyResult } from './edit/apply-queue.js';
export { editFile, type EditedFile, type TextEdit } from './edit/edit-file.js';
