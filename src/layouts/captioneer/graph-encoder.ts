import {
  RuntimeError,
  type EncodedImage,
  type EncodedRegion,
  type ImageEncoder,
  type Session,
  type Tensor,
} from '../../core/index.js';
import { PIXEL_VALUES, REGION_NAMES } from './names.js';

/**
 * An image encoder that is one graph in the model folder's own layout: `pixel_values` float32 `[1, 3, H, W]` in, and out,
 * by name, whatever the decoder's graph takes, and perhaps the boxes of a detector. Which network stands inside (EfficientNet,
 * ResNet, ViT, …) is data.
 */
export class GraphEncoder implements ImageEncoder {
  readonly #session: Session;
  readonly #labels: readonly string[] | undefined;

  /** @param labels names of the kinds of things that the graph finds, if it finds any */
  constructor(session: Session, labels?: readonly string[]) {
    this.#session = session;
    this.#labels = labels;
  }

  encode(pixelValues: Tensor<'float32'>): Promise<EncodedImage> {
    return this.#session.run({ [PIXEL_VALUES]: pixelValues });
  }

  regions(encoded: EncodedImage): EncodedRegion[] {
    const labels = this.#labels;
    if (labels === undefined) return [];
    const [boxes, kinds, scores] = [REGION_NAMES.boxes, REGION_NAMES.labels, REGION_NAMES.scores].map(
      (name) => encoded[name]?.data as Float32Array, // [1, boxes, 4], [1, boxes], [1, boxes]
    ) as [Float32Array, Float32Array, Float32Array];
    const end = scores.findIndex((score) => score <= 0);
    return Array.from(end < 0 ? scores : scores.subarray(0, end), (score, index) => {
      const label = labels[kinds[index] as number];
      if (label === undefined) throw new RuntimeError(`The encoder's graph gave a region of kind ${kinds[index]}.`);
      return { box: [...boxes.subarray(4 * index, 4 * index + 4)] as unknown as EncodedRegion['box'], label, score };
    });
  }
}
