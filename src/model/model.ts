import type { CaptionDecoder, ImageEncoder, ModelDescription, Tokenizer } from '../core/index.js';

/** A model, loaded and checked, ready to caption. */
export interface Model {
  /** What is known of it. */
  readonly manifest: ModelDescription;
  readonly encoder: ImageEncoder;
  readonly decoder: CaptionDecoder;
  readonly tokenizer: Tokenizer;
  /** Releases the graphs. */
  release(): Promise<void>;
}
