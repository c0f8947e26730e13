import type { NamedTensors, Tensor } from './tensor.js';

/**
 * All that decoding needs of one picture and that does not change from word to word: a projected feature map,
 * cross-attention keys and values, an initial state. The names are an agreement between an encoder and its decoder.
 */
export type EncodedImage = NamedTensors;

/** A thing that an encoder found in an image. */
export interface EncodedRegion {
  /** Left, top, right and bottom as shares of the image's width and height, 0 … 1. */
  readonly box: readonly [left: number, top: number, right: number, bottom: number];
  /** What kind of thing it is. */
  readonly label: string;
  /** How sure the detector is, 0 … 1. */
  readonly score: number;
}

/**
 * Turns pixel values into what a {@link CaptionDecoder} decodes from.
 *
 * Contract: calls may overlap; the same pixels give the same result; the result is never written to afterwards.
 */
export interface ImageEncoder {
  /**
   * @param pixelValues float32 `[1, 3, height, width]`, normalised as the model's {@link ImageSpec} says
   * @param prompt what the model is asked, for one whose description has `tasks`; by default that of short captions. Others are given
   *   none.
   * @throws RuntimeError if the runtime fails
   */
  encode(pixelValues: Tensor<'float32'>, prompt?: string): Promise<EncodedImage>;
  /**
   * Only if the encoder finds things: those of an image that it encoded, best first. The decoder's attention has them, in this order,
   * after the cells of its grid.
   */
  regions?(encoded: EncodedImage): readonly EncodedRegion[];
}
