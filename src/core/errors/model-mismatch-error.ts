import { CaptioneerError } from './captioneer-error.js';

/** Parts of a model contradict each other: the manifest, the graphs' own metadata, the tokenizer. */
export class ModelMismatchError extends CaptioneerError {
  override readonly name = 'ModelMismatchError';
  override readonly code = 'MODEL_MISMATCH';
  /** The part that does not fit, such as `decoder.onnx: past.0.key`. */
  readonly part: string;

  constructor(part: string, expected: string, found: string) {
    super(
      `${part}: expected ${expected}, found ${found}. The model folder does not fit together; export or download it again.`,
    );
    this.part = part;
  }
}
