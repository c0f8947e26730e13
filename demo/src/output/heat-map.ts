import { heatMap } from 'captioneer';

/**
 * Draws attention over image regions, one pixel a region. The canvas is stretched over the image by its style, which also
 * smooths it.
 *
 * @param attention row by row from the top left; `rows × columns` values
 */
export function drawHeatMap(
  canvas: HTMLCanvasElement,
  attention: Float32Array,
  grid: { readonly rows: number; readonly columns: number },
): void {
  const context = canvas.getContext('2d');
  if (!context || attention.length < grid.rows * grid.columns) return;
  const { width, height, data } = heatMap(attention, grid);
  canvas.width = width;
  canvas.height = height;
  context.putImageData(new ImageData(data, width, height), 0, 0);
}
