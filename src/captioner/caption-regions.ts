import type { EncodedRegion, Manifest } from '../core/index.js';

/** A thing that the model's detector found in an image. */
export interface CaptionRegion {
  /**
   * Where it is, in pixels of the image as it was given (upright, if its EXIF orientation turns it): the left and top edge, and how far
   * it reaches from there. Within the image; fractions of a pixel are kept.
   */
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  /** What kind of thing it is, one of `manifest.regions.boxes.labels`. */
  readonly label: string;
  /** How sure the detector is, 0 … 1; not a probability. */
  readonly score: number;
}

/** How much a model looked at the parts of an image. */
export interface Attention {
  /** At the cells of the grid; sums to 1. */
  readonly attention: Float32Array;
  /** At the regions; what is missing from 1 went to the grid. */
  readonly regionAttention?: Float32Array;
}

/**
 * What an encoder found, in pixels of the image.
 *
 * @param image its size
 */
export function toCaptionRegions(
  found: readonly EncodedRegion[],
  image: { readonly width: number; readonly height: number },
): CaptionRegion[] {
  return found.map(({ box: [left, top, right, bottom], label, score }) => ({
    box: {
      x: left * image.width,
      y: top * image.height,
      width: (right - left) * image.width,
      height: (bottom - top) * image.height,
    },
    label,
    score,
  }));
}

/**
 * The attention of a model with boxes, `[cells + boxes]`, in its two parts; that of a model without is its grid's.
 *
 * @param regions how many boxes there are in this image: the first ones
 */
export function splitAttention(attention: Float32Array, grid: Manifest['regions'], regions: number): Attention {
  if (grid?.boxes === undefined) return { attention };
  const cells = grid.rows * grid.columns;
  const ofGrid = attention.slice(0, cells);
  const sum = ofGrid.reduce((total, share) => total + share, 0);
  return {
    attention: ofGrid.map((share) => share / sum),
    regionAttention: attention.slice(cells, cells + regions),
  };
}
