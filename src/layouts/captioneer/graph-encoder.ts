import type { EncodedImage, ImageEncoder, Session, Tensor } from '../../core/index.js';
import { PIXEL_VALUES } from './names.js';

/**
 * An image encoder that is one graph in the model folder's own layout: `pixel_values` float32 `[1, 3, H, W]` in, and out,
 * by name, whatever the decoder's graph takes. Which network stands inside (EfficientNet, ResNet, ViT, …) is data.
 */
export class GraphEncoder implements ImageEncoder {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  encode(pixelValues: Tensor<'float32'>): Promise<EncodedImage> {
    return this.#session.run({ [PIXEL_VALUES]: pixelValues });
  }
}
