import type { RawImage } from '../../core/index.js';

/** A part of an image, perhaps mirrored: another look at it. All of it, as it is: `{ left: 0, top: 0, width: 1, height: 1 }`. */
export interface ImageView {
  /** Left edge, as a share of the width: 0 … 1. */
  readonly left: number;
  /** Top edge, as a share of the height: 0 … 1. */
  readonly top: number;
  /** Width, as a share of the image's: above 0, at most `1 − left`. */
  readonly width: number;
  /** Height, as a share of the image's: above 0, at most `1 − top`. */
  readonly height: number;
  /** Whether left and right change places. Default false. */
  readonly isMirrored?: boolean;
}

/** The pixels of a view: a new image, at least one pixel wide and high. */
export function viewImage({ data, width, height }: RawImage, view: ImageView): RawImage {
  const size = { width: atLeastOne(view.width * width), height: atLeastOne(view.height * height) };
  const left = Math.min(Math.round(view.left * width), width - size.width);
  const top = Math.min(Math.round(view.top * height), height - size.height);
  const pixels = new Uint8Array(size.width * size.height * 3);
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const from = ((top + y) * width + left + (view.isMirrored ? size.width - 1 - x : x)) * 3;
      pixels.set(data.subarray(from, from + 3), (y * size.width + x) * 3);
    }
  }
  return { data: pixels, ...size };
}

function atLeastOne(length: number): number {
  return Math.max(1, Math.round(length));
}
