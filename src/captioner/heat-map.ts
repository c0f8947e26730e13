import { InvalidArgumentError } from '../core/index.js';

/** Dark blue over purple and orange to yellow: equal steps of attention look like equal steps ("inferno" of matplotlib, six points). */
const COLOURS: readonly (readonly [number, number, number])[] = [
  [0, 0, 4],
  [66, 10, 104],
  [147, 38, 103],
  [221, 81, 58],
  [252, 165, 10],
  [252, 255, 164],
];
/** How opaque the least and the most attention are, 0 … 255. */
const LEAST_OPAQUE = 90;
const MOST_OPAQUE = 220;

/** A small image with one pixel for each region, to be stretched over what the model sees. */
export interface HeatMap {
  /** The grid's columns. */
  readonly width: number;
  /** The grid's rows. */
  readonly height: number;
  /** `height × width × 4` bytes: red, green, blue and opacity of each pixel, 0 … 255, as `ImageData` takes them. */
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/**
 * Draws the attention of a word or token as a heat map: dark and sheer where the model looked least, bright and opaque where it
 * looked most. Colours are relative to the largest share.
 *
 * @param attention row by row from the top left; `rows × columns` values, at least 0
 * @param grid `captioner.manifest.regions`
 * @throws InvalidArgumentError if there are too few values
 * @example
 * ```ts
 * import { Captioner, heatMap } from 'captioneer';
 *
 * const captioner = await Captioner.load();
 * const { words } = await captioner.caption('photo.jpg', { attention: true });
 * for (const { text, attention } of words) {
 *   if (attention) console.log(text, heatMap(attention, captioner.manifest.regions!).data.length);
 * }
 * ```
 */
export function heatMap(
  attention: Float32Array,
  { rows, columns }: { readonly rows: number; readonly columns: number },
): HeatMap {
  const count = rows * columns;
  if (attention.length < count) {
    throw new InvalidArgumentError(
      'attention',
      `attention must have a value for each of ${rows} × ${columns} regions, not ${attention.length} values.`,
    );
  }
  const data = new Uint8ClampedArray(4 * count);
  const highest = attention.subarray(0, count).reduce((most, share) => Math.max(most, share), 0);
  for (let region = 0; region < count; region += 1) {
    const share = highest > 0 ? attention[region]! / highest : 0;
    data.set([...heatColour(share), LEAST_OPAQUE + (MOST_OPAQUE - LEAST_OPAQUE) * share], 4 * region);
  }
  return { width: columns, height: rows, data };
}

/**
 * The colour of a share of attention: red, green, blue, 0 … 255.
 *
 * @param share 0 … 1
 */
export function heatColour(share: number): readonly [red: number, green: number, blue: number] {
  const position = share * (COLOURS.length - 1);
  const index = Math.min(COLOURS.length - 2, Math.floor(position));
  const low = COLOURS[index]!;
  const high = COLOURS[index + 1]!;
  const mixed = (channel: 0 | 1 | 2): number => low[channel] + (high[channel] - low[channel]) * (position - index);
  return [mixed(0), mixed(1), mixed(2)];
}
