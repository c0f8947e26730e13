/** What was left out of an evaluation, or is to be read with care. */
export type EvaluationWarningCode =
  | 'BAD_ROW'
  | 'SPLIT_MISSING'
  | 'EMPTY_REFERENCE'
  | 'SEVERAL_CAPTIONS'
  | 'REFERENCE_MISSING'
  | 'CAPTION_MISSING'
  | 'ONE_IMAGE'
  | 'FEW_IMAGES'
  | 'IMAGE_FAILED'
  | 'JUDGEMENT_UNMATCHED'
  | 'BIAS';

/** One kind of thing that was left out, counted. */
export interface EvaluationWarning {
  /** Which kind it is. */
  readonly code: EvaluationWarningCode;
  /** How often it came up. */
  readonly count: number;
  /** What it means, in a sentence. */
  readonly message: string;
  /** The first rows or images, at most five. */
  readonly examples: readonly string[];
}

const MAX_EXAMPLES = 5;

/** Counts warnings by kind and message. @internal */
export class WarningCounter {
  readonly #found = new Map<
    string,
    { code: EvaluationWarningCode; message: string; count: number; examples: string[] }
  >();

  /**
   * @param message the same for all of a kind
   * @param example the row or image
   */
  add(code: EvaluationWarningCode, message: string, example?: string): void {
    const key = `${code} ${message}`;
    const found = this.#found.get(key) ?? { code, message, count: 0, examples: [] };
    found.count++;
    if (example !== undefined && found.examples.length < MAX_EXAMPLES) found.examples.push(example);
    this.#found.set(key, found);
  }

  list(): EvaluationWarning[] {
    return [...this.#found.values()];
  }
}
