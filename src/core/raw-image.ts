/**
 * A decoded picture: 8-bit RGB, row by row from the top left, no padding, no alpha.
 *
 * Adapters make it from a file; preprocessing turns it into pixel values.
 */
export interface RawImage {
  /** `height × width × 3` bytes: red, green, blue of each pixel, 0 … 255. */
  readonly data: Uint8Array | Uint8ClampedArray;
  /** Width in pixels, at least 1. */
  readonly width: number;
  /** Height in pixels, at least 1. */
  readonly height: number;
}
