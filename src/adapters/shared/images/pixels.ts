/** Decoded pixels: 8 bits a channel, row by row from the top left, no padding, sRGB, straight alpha. */
export interface Pixels {
  /** `height × width × channels` bytes. */
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  /** 1: grey; 2: grey and alpha; 3: red, green and blue; 4: these and alpha. */
  readonly channels: 1 | 2 | 3 | 4;
}

/** Red, green and blue, 0 … 255 each. */
export type Rgb = readonly [number, number, number];

/** Pixels that are worked on between two turns of the event loop: about 5 ms. */
const SLICE_PIXELS = 2 ** 20;

/**
 * Does work slice by slice and lets the event loop turn between them, so that large images do not stop everything else.
 *
 * @param count of what is worked on, usually pixels
 * @param work is told the first of a slice, and the one after its last; `false` ends it
 * @throws the abort reason
 */
export async function inSlices(
  count: number,
  signal: AbortSignal | undefined,
  work: (start: number, end: number) => unknown,
  sliceSize = SLICE_PIXELS,
): Promise<void> {
  for (let start = 0; start < count; start += sliceSize) {
    if (start > 0) await new Promise((resolve) => setTimeout(resolve));
    signal?.throwIfAborted();
    if (work(start, Math.min(start + sliceSize, count)) === false) return;
  }
}
