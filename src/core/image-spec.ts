/** The filters of {@link ResampleFilter}, by name. */
export const RESAMPLE_FILTERS = ['nearest', 'box', 'bilinear', 'hamming', 'bicubic', 'lanczos'] as const;

/**
 * How a resize weighs the source pixels.
 *
 * All but `nearest` are antialiased: when a picture shrinks, the filter widens by the same ratio, so every source
 * pixel counts. The names and the results are those of Pillow's `Image.resize`
 * (https://pillow.readthedocs.io/en/stable/handbook/concepts.html#filters).
 *
 * Where an image-processor configuration gives a number (`"resample": 3`): 0 nearest, 1 lanczos, 2 bilinear,
 * 3 bicubic, 4 box, 5 hamming.
 */
export type ResampleFilter = (typeof RESAMPLE_FILTERS)[number];

/** The rules of {@link ResizeRule}, by name. */
export const RESIZE_RULES = ['squash', 'squash-crop', 'shortest-edge-crop', 'pad'] as const;

/**
 * How a picture of any size becomes `width × height`.
 *
 * - `squash`: resized to exactly that size; the aspect ratio is not kept, nothing is lost at the sides.
 * - `squash-crop`: resized to exactly `squashedWidth × squashedHeight`, then the centre is cut out (DeiT, BEiT).
 * - `shortest-edge-crop`: the shorter side is resized to `shortestEdge`, the longer one by the same ratio, rounded
 *   down; then the centre is cut out. The sides of the picture are lost.
 * - `pad`: resized to fit inside, centred, and the rest filled with `padColor`; as Pillow's `ImageOps.pad`.
 */
export type ResizeRule = (typeof RESIZE_RULES)[number];

/**
 * What the encoder of a model wants to see: the input size, and how a picture becomes pixel values.
 *
 * The value of channel `c` is `(byte × rescaleFactor − mean[c]) / std[c]`. The numbers come from the model: they must
 * be those it was trained with.
 *
 * @example
 * ```ts
 * // CLIP (Radford 2021, https://arxiv.org/abs/2103.00020)
 * const spec: ImageSpec = {
 *   width: 224,
 *   height: 224,
 *   resize: 'shortest-edge-crop',
 *   resample: 'bicubic',
 *   mean: [0.48145466, 0.4578275, 0.40821073],
 *   std: [0.26862954, 0.26130258, 0.27577711],
 * };
 * ```
 */
export interface ImageSpec {
  /** Width of the encoder's input in pixels; a whole number, at least 1. */
  readonly width: number;
  /** Height of the encoder's input in pixels; a whole number, at least 1. */
  readonly height: number;
  /** How a picture of another size or shape is brought to `width × height`. */
  readonly resize: ResizeRule;
  /** The filter of the resize. */
  readonly resample: ResampleFilter;
  /** Subtracted from red, green, blue; on the scale after `rescaleFactor`, which by default is 0 … 1. */
  readonly mean: readonly [number, number, number];
  /** Red, green, blue are divided by it after `mean` is subtracted; same scale as `mean`; not 0. */
  readonly std: readonly [number, number, number];
  /** What a byte (0 … 255) is multiplied with before `mean` and `std`. Default: 1 / 255, which gives 0 … 1. */
  readonly rescaleFactor?: number;
  /**
   * Only with `shortest-edge-crop`: the length in pixels to which the shorter side is resized before the crop; a whole
   * number, at least the larger of `width` and `height`. Default: the larger of `width` and `height`.
   */
  readonly shortestEdge?: number;
  /** Only with `squash-crop`, and needed there: the width in pixels before the crop; a whole number, at least `width`. */
  readonly squashedWidth?: number;
  /** Only with `squash-crop`, and needed there: the height in pixels before the crop; a whole number, at least `height`. */
  readonly squashedHeight?: number;
  /**
   * Only with the rules that crop: how the offset of the crop is rounded if an odd number of pixels is cut away.
   * `down` is what Hugging Face transformers does, `half-to-even` what torchvision and the original CLIP do.
   * They differ by at most one pixel. Default: `down`.
   */
  readonly cropRounding?: 'down' | 'half-to-even';
  /** Only with `pad`: red, green, blue of the border, whole numbers 0 … 255. Default: black, `[0, 0, 0]`. */
  readonly padColor?: readonly [number, number, number];
}
