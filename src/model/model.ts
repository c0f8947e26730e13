import type { CaptionDecoder, ExecutionDevice, ImageEncoder, ModelDescription, Tokenizer } from '../core/index.js';

/** A model, loaded and checked, ready to caption. */
export interface Model {
  /** What is known of it. */
  readonly manifest: ModelDescription;
  readonly encoder: ImageEncoder;
  readonly decoder: CaptionDecoder;
  readonly tokenizer: Tokenizer;
  /** What runs its graphs; undefined if that is not known. */
  readonly device?: ExecutionDevice | undefined;
  /** Releases the graphs. */
  release(): Promise<void>;
}
