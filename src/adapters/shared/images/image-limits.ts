import { ImageTooLargeError } from '../../../core/index.js';

/** The limits under which images are read and decoded. */
export interface ImageLimits {
  /** Most bytes of an image's file, stream, URL or data. */
  readonly maxImageBytes: number;
  /** Most pixels of either side. */
  readonly maxImageSide: number;
  /** Longest decoding of one image, in milliseconds. */
  readonly imageTimeoutMs: number;
  /** Images that are decoded at once. */
  readonly maxConcurrentDecodes: number;
  /** Whether URLs may lead to private addresses. */
  readonly allowPrivateNetworks: boolean;
}

/** The most that an image may measure. */
export interface SizeLimits {
  readonly maxPixels: number;
  readonly maxImageSide: number;
}

/** @throws ImageTooLargeError if an image has more pixels, or a longer side, than is allowed */
export function checkSize(
  { width, height }: { readonly width: number; readonly height: number },
  name: string,
  { maxPixels, maxImageSide }: SizeLimits,
): void {
  if (width * height > maxPixels) throw new ImageTooLargeError(name, width, height, maxPixels);
  if (Math.max(width, height) > maxImageSide) {
    throw new ImageTooLargeError(name, width, height, maxPixels, maxImageSide);
  }
}
