import { CaptioneerError } from './captioneer-error.js';

/** A picture has more pixels than `maxPixels` allows; it was refused before it was decoded. */
export class ImageTooLargeError extends CaptioneerError {
  override readonly name = 'ImageTooLargeError';
  override readonly code = 'IMAGE_TOO_LARGE';
  /** What names the picture. */
  readonly source: string;
  /** Pixels that the picture's header states. */
  readonly pixels: number;
  /** Pixels allowed. */
  readonly maxPixels: number;

  constructor(source: string, width: number, height: number, maxPixels: number) {
    super(
      `${source}: ${width}×${height} is more than the ${maxPixels} pixels allowed. Shrink the picture, or raise maxPixels.`,
    );
    this.source = source;
    this.pixels = width * height;
    this.maxPixels = maxPixels;
  }
}
