import { InvalidArgumentError } from '../core/errors/index.js';
import type { ResampleFilter } from '../core/image-spec.js';
import type { RawImage } from '../core/raw-image.js';
import { isIdentity, type Axis } from './axis.js';
import { checkByteCount, checkFilter, checkImage, checkPixelCount } from './checks.js';
import { convolveColumns, convolveRows } from './convolve.js';
import { FILTER_KERNELS, type FilterKernel } from './filters.js';
import { pickNearest } from './nearest.js';
import { momentPlan } from './fast/index.js';
import { weightTable } from './weights.js';

/** A rectangle in pixels: its top left corner and its sides. */
export interface Rectangle {
  /** Distance of the left side from the picture's left side. */
  readonly left: number;
  /** Distance of the upper side from the picture's upper side. */
  readonly top: number;
  /** Horizontal extent, more than 0. */
  readonly width: number;
  /** Vertical extent, more than 0. */
  readonly height: number;
}

/** What `resample` can be told beyond size and filter. */
export interface ResampleOptions {
  /**
   * The part of the source to show, in source pixels; need not be whole. Pixels outside take part in the filter at the
   * box's edges, as with the `box` argument of Pillow's `Image.resize`. Default: the whole picture.
   */
  readonly box?: Rectangle;
  /**
   * The part of the result to compute, in output pixels, whole numbers; the result has its size. The same pixels as
   * those of a full result that is cropped afterwards, without computing the rest. Default: the whole result.
   */
  readonly window?: Rectangle;
}

/**
 * Resizes a picture as `Image.resize` of Pillow 13 does, antialiased, bit by bit the same.
 *
 * Earlier versions of Pillow give the same, but for pictures that lose more than twice as many rows as columns, such as
 * screenshots of a phone. There version 13 changed the order of its two passes: values differ by 1 here and there, and by
 * more only if overshoot is cut off between the passes (up to 19 in a black-and-white checkerboard).
 *
 * @param image - the source; it is not changed
 * @param width - width of the result in pixels; a whole number, at least 1
 * @param height - height of the result in pixels; a whole number, at least 1
 * @param filter - how source pixels are weighed; `bicubic` is the usual choice for models
 * @returns a new picture of `width × height`, or of the window's size
 * @throws InvalidArgumentError if a size is not a whole number of at least 1, the data's length does not fit the
 *   picture's sides, the filter is not known, or the box or window is not inside its picture
 * @see https://pillow.readthedocs.io/en/stable/reference/Image.html#PIL.Image.Image.resize
 *
 * @example
 * ```ts
 * const thumbnail = resample(picture, 224, 224, 'bicubic');
 * ```
 */
export function resample(
  image: RawImage,
  width: number,
  height: number,
  filter: ResampleFilter,
  options: ResampleOptions = {},
): RawImage {
  checkImage(image);
  checkPixelCount('width', width);
  checkPixelCount('height', height);
  checkFilter('filter', filter);
  const box = options.box ?? { left: 0, top: 0, width: image.width, height: image.height };
  const window = options.window ?? { left: 0, top: 0, width, height };
  checkInside('box', box, image.width, image.height);
  checkInside('window', window, width, height);
  checkWholeWindow(window);
  checkByteCount('window', window.width, window.height);

  const columns = axisOf(image.width, box.left, box.width, width, window.left, window.width);
  const rows = axisOf(image.height, box.top, box.height, height, window.top, window.height);
  const data =
    filter === 'nearest' ? pickNearest(image, columns, rows) : filtered(image, columns, rows, FILTER_KERNELS[filter]);
  return { data, width: window.width, height: window.height };
}

/** Both passes; one that would change nothing is left out. */
function filtered(image: RawImage, columns: Axis, rows: Axis, kernel: FilterKernel): Uint8ClampedArray {
  const { data, width, height } = image;
  const columnTable = isIdentity(columns) ? undefined : weightTable(columns, kernel);
  const rowTable = isIdentity(rows) ? undefined : weightTable(rows, kernel);
  const plan = columnTable && momentPlan(columns, kernel, columnTable);
  if (columnTable === undefined) {
    return rowTable === undefined ? new Uint8ClampedArray(data) : convolveColumns(data, width, 0, rowTable);
  }
  if (rowTable === undefined) return convolveRows(data, width, 0, height, columnTable, plan);
  if (isHeightFirst(columns, rows)) {
    checkByteCount('window', width, rows.windowSize);
    const low = convolveColumns(data, width, 0, rowTable); // [window height, width, 3]
    return convolveRows(low, width, 0, rows.windowSize, columnTable, plan);
  }
  const last = rows.windowSize - 1;
  const firstRow = rowTable.starts[0]!;
  const lastRow = rowTable.starts[last]! + rowTable.counts[last]!;
  checkByteCount('window', columns.windowSize, lastRow - firstRow);
  const narrow = convolveRows(data, width, firstRow, lastRow, columnTable, plan); // [rows, window width, 3]
  return convolveColumns(narrow, columns.windowSize, firstRow, rowTable);
}

/**
 * Whether the vertical pass comes first. Since the values between the passes are rounded to bytes, the order shows in
 * the result; this is Pillow's rule since its version 13. Up to version 12 the horizontal pass always came first.
 */
function isHeightFirst(columns: Axis, rows: Axis): boolean {
  const lostRows = rows.inputSize - rows.outputSize;
  const lostColumns = columns.inputSize - columns.outputSize;
  return lostRows > 0 && lostRows > 2 * lostColumns;
}

function axisOf(
  inputSize: number,
  start: number,
  length: number,
  outputSize: number,
  windowStart: number,
  windowSize: number,
): Axis {
  return { inputSize, start, end: start + length, outputSize, windowStart, windowSize };
}

function checkInside(argument: 'box' | 'window', part: Rectangle, width: number, height: number): void {
  const isInside =
    part.left >= 0 &&
    part.top >= 0 &&
    part.width > 0 &&
    part.height > 0 &&
    Math.fround(part.left + part.width) <= width && // a rounding error of the sum is none of the caller's
    Math.fround(part.top + part.height) <= height;
  if (!isInside) {
    throw new InvalidArgumentError(
      argument,
      `${argument} is ${part.width}×${part.height} at (${part.left}, ${part.top}). ` +
        `Give a rectangle that lies inside ${width}×${height} pixels and is not empty.`,
    );
  }
}

function checkWholeWindow(window: Rectangle): void {
  if (![window.left, window.top, window.width, window.height].every(Number.isInteger)) {
    throw new InvalidArgumentError('window', 'window lies between pixels. Give whole numbers.');
  }
}
