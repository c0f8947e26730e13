import {
  castFloats,
  ModelMismatchError,
  type EncodedImage,
  type ImageEncoder,
  type Session,
  type Tensor,
} from '../core/index.js';
import { PIXEL_VALUES } from './graph-encoder.js';

/** The output of an encoder in the public two-file layout, and the name under which its decoder finds it. */
export const LAST_HIDDEN_STATE = 'last_hidden_state';

/**
 * An image encoder in the public two-file layout: `pixel_values` `[1, 3, H, W]` in, `last_hidden_state` `[1, P, D]` out, a
 * vector for each patch (and for the class token, where there is one). Which network stands inside (ViT, DeiT, BEiT, Swin,
 * CLIP) is data.
 */
export class HiddenStateEncoder implements ImageEncoder {
  readonly #session: Session;
  readonly #pixelType: string;

  constructor(session: Session) {
    this.#session = session;
    this.#pixelType = session.inputs.find((input) => input.name === PIXEL_VALUES)?.type ?? 'float32';
  }

  async encode(pixelValues: Tensor<'float32'>): Promise<EncodedImage> {
    const feeds = { [PIXEL_VALUES]: castFloats(pixelValues, this.#pixelType) };
    const { [LAST_HIDDEN_STATE]: hidden } = await this.#session.run(feeds, [LAST_HIDDEN_STATE]);
    if (hidden?.dims.length !== 3 || hidden.dims[0] !== 1) {
      throw new ModelMismatchError(LAST_HIDDEN_STATE, '[1, patches, width]', `[${String(hidden?.dims)}]`);
    }
    return { [LAST_HIDDEN_STATE]: hidden };
  }
}
