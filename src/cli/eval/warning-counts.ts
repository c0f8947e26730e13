import type { EvaluationWarningCode } from '../../evaluation/index.js';

/** Warnings whose count is printed: those of rows and images. */
export const COUNTED: ReadonlySet<EvaluationWarningCode> = new Set<EvaluationWarningCode>([
  'BAD_ROW',
  'SPLIT_MISSING',
  'EMPTY_REFERENCE',
  'SEVERAL_CAPTIONS',
  'REFERENCE_MISSING',
  'CAPTION_MISSING',
  'IMAGE_FAILED',
  'JUDGEMENT_UNMATCHED',
]);
