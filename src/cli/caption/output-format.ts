/** How results are printed. */
export const OUTPUT_FORMATS = ['text', 'json', 'csv', 'tsv', 'markdown', 'html'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** Formats whose lines name their image, so that a second run knows what is done. */
export const RESUMABLE_FORMATS: readonly OutputFormat[] = ['json', 'csv', 'tsv'];

/** Which format, and what goes into it. */
export interface FormatSettings {
  readonly format: OutputFormat;
  /** Whether alternative texts are made of the captions. */
  readonly isAlt: boolean;
  readonly minConfidence: number | undefined;
}
