import { CaptioneerError } from './captioneer-error.js';

/** An image has more pixels than `maxPixels` allows, or a side of more than `maxImageSide`; it was refused before it was decoded. */
export class ImageTooLargeError extends CaptioneerError {
  override readonly name = 'ImageTooLargeError';
  override readonly code = 'IMAGE_TOO_LARGE';
  /** What names the image. */
  readonly source: string;
  /** Pixels that the image's header states. */
  readonly pixels: number;
  /** Pixels allowed. */
  readonly maxPixels: number;

  /** @param maxImageSide the longest side allowed, if it is a side that is too long */
  constructor(source: string, width: number, height: number, maxPixels: number, maxImageSide?: number) {
    super(
      maxImageSide === undefined
        ? `${source}: ${width}×${height} is more than the ${maxPixels} pixels allowed. Shrink the image, or raise maxPixels.`
        : `${source}: ${width}×${height} has a side of more than the ${maxImageSide} pixels allowed. Crop or shrink the image, or raise maxImageSide.`,
    );
    this.source = source;
    this.pixels = width * height;
    this.maxPixels = maxPixels;
  }
}
