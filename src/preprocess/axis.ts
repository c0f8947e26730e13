/** One axis of a resize: `outputSize` pixels show the source from `start` to `end`, in source pixels. */
export interface Axis {
  /** Source pixels along this axis. */
  readonly inputSize: number;
  /** Where the shown part begins; need not be whole. */
  readonly start: number;
  /** Where the shown part ends; need not be whole. */
  readonly end: number;
  /** Pixels that the shown part becomes. */
  readonly outputSize: number;
  /** The first output pixel that is wanted. */
  readonly windowStart: number;
  /** The number of output pixels that are wanted. */
  readonly windowSize: number;
}

/** Whether output pixel `i` is source pixel `i`, for all of them, so that there is nothing to compute. */
export function isIdentity(axis: Axis): boolean {
  return (
    axis.start === 0 &&
    axis.end === axis.inputSize &&
    axis.outputSize === axis.inputSize &&
    axis.windowStart === 0 &&
    axis.windowSize === axis.outputSize
  );
}

/**
 * Where output position 0 lies in the source, and how many source pixels an output pixel covers.
 * Pillow holds the box in single precision, so this does too.
 */
export function placement(axis: Axis): { origin: number; scale: number } {
  const origin = Math.fround(axis.start);
  return { origin, scale: Math.fround(Math.fround(axis.end) - origin) / axis.outputSize };
}
