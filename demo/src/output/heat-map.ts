/** Dark blue over purple and orange to yellow: equal steps of attention look like equal steps ("inferno" of matplotlib, six points). */
const COLOURS: readonly (readonly [number, number, number])[] = [
  [0, 0, 4],
  [66, 10, 104],
  [147, 38, 103],
  [221, 81, 58],
  [252, 165, 10],
  [252, 255, 164],
];

interface Grid {
  readonly rows: number;
  readonly columns: number;
}

/**
 * Draws attention over image regions, one pixel a region. The canvas is stretched over the image by its style, which also
 * smooths it.
 *
 * @param attention row by row from the top left; `rows × columns` values
 */
export function drawHeatMap(canvas: HTMLCanvasElement, attention: Float32Array, { rows, columns }: Grid): void {
  const context = canvas.getContext('2d');
  if (!context || attention.length < rows * columns) return;
  canvas.width = columns;
  canvas.height = rows;
  const pixels = context.createImageData(columns, rows);
  const highest = Math.max(...attention.subarray(0, rows * columns));
  for (let region = 0; region < rows * columns; region++) {
    const share = highest > 0 ? (attention[region] as number) / highest : 0;
    const [red, green, blue] = colourAt(share);
    pixels.data.set([red, green, blue, 90 + 130 * share], region * 4);
  }
  context.putImageData(pixels, 0, 0);
}

function colourAt(share: number): readonly [number, number, number] {
  const position = share * (COLOURS.length - 1);
  const index = Math.min(COLOURS.length - 2, Math.floor(position));
  const low = COLOURS[index] as readonly number[];
  const high = COLOURS[index + 1] as readonly number[];
  const mixed = low.map((value, channel) => value + ((high[channel] as number) - value) * (position - index));
  return mixed as [number, number, number];
}
