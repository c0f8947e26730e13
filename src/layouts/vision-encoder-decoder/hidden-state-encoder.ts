import {
  ModelMismatchError,
  type EncodedImage,
  type ImageEncoder,
  type Session,
  type Tensor,
} from '../../core/index.js';
import { castFloats } from '../../numerics/float16.js';

/** The names of an encoder's input and output, as published exports have them. */
export const ENCODER_NAMES = {
  pixelValues: 'pixel_values',
  lastHiddenState: 'last_hidden_state',
} as const;

/**
 * An image encoder in the public two-file layout: `pixel_values` `[1, 3, H, W]` in, `last_hidden_state` `[1, P, D]` out, a
 * vector for each patch (and for the class token, if there is one). Which network stands inside (ViT, DeiT, BEiT, Swin,
 * CLIP) is data.
 */
export class HiddenStateEncoder implements ImageEncoder {
  readonly #session: Session;
  readonly #pixelType: string;

  constructor(session: Session) {
    this.#session = session;
    this.#pixelType = session.inputs.find((input) => input.name === ENCODER_NAMES.pixelValues)?.type ?? 'float32';
  }

  async encode(pixelValues: Tensor<'float32'>): Promise<EncodedImage> {
    const feeds = { [ENCODER_NAMES.pixelValues]: castFloats(pixelValues, this.#pixelType) };
    const { [ENCODER_NAMES.lastHiddenState]: hidden } = await this.#session.run(feeds, [ENCODER_NAMES.lastHiddenState]);
    if (hidden?.dims.length !== 3 || hidden.dims[0] !== 1) {
      throw new ModelMismatchError(ENCODER_NAMES.lastHiddenState, '[1, patches, width]', `[${String(hidden?.dims)}]`);
    }
    return { [ENCODER_NAMES.lastHiddenState]: hidden };
  }
}
