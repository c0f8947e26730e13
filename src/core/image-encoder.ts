import type { NamedTensors, Tensor } from './tensor.js';

/**
 * All that decoding needs of one picture and that does not change from word to word: a projected feature map,
 * cross-attention keys and values, an initial state. The names are an agreement between an encoder and its decoder.
 */
export type EncodedImage = NamedTensors;

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
}
