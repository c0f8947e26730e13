import { inSlices, type Pixels } from '../../shared/images/pixels.js';

/** Pixels that are on the canvas at once: bounds its memory, and browsers bound its area. */
const BAND_PIXELS = 2 ** 20;

/**
 * The pixels of a bitmap.
 *
 * A canvas keeps colours multiplied by alpha. In 8 bits that loses what a transparent pixel's colour was; half floats, in
 * browsers that have them, keep it to the last bit.
 *
 * @param isOpaque whether it has no alpha, so that three channels are enough
 * @throws DOMException if the page may not read the pixels; the abort reason
 */
export async function bitmapPixels(
  bitmap: ImageBitmap,
  isOpaque: boolean,
  signal: AbortSignal | undefined,
): Promise<Pixels> {
  const { width, height } = bitmap;
  const channels = isOpaque ? 3 : 4;
  const rows = Math.min(height, Math.max(1, Math.floor(BAND_PIXELS / width)));
  const canvas = createContext(width, rows);
  const data = new Uint8Array(width * height * channels);
  const readRows = (top: number, bottom: number): void => {
    canvas.clearRect(0, 0, width, rows);
    canvas.drawImage(bitmap, 0, -top);
    const rgba = canvas.getImageData(0, 0, width, bottom - top).data; // [bottom − top, width, 4]
    const band = data.subarray(top * width * channels, bottom * width * channels);
    if (isOpaque) dropAlpha(rgba, band);
    else band.set(rgba);
  };
  await inSlices(height, signal, readRows, rows);
  return { data, width, height, channels };
}

function dropAlpha(rgba: Uint8ClampedArray, rgb: Uint8Array): void {
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    rgb[to] = rgba[from]!;
    rgb[to + 1] = rgba[from + 1]!;
    rgb[to + 2] = rgba[from + 2]!;
  }
}

type Canvas2d = CanvasDrawImage & CanvasImageData & CanvasRect;

function createContext(width: number, height: number): Canvas2d {
  const canvas = createCanvas(width, height);
  const settings = { willReadFrequently: true, colorSpace: 'srgb', colorType: 'float16' };
  const context = canvas.getContext('2d', settings) as Canvas2d | null;
  if (context === null) throw new DOMException(`no canvas of ${width}×${height}`, 'InvalidStateError');
  return context;
}

function createCanvas(width: number, height: number): HTMLCanvasElement | OffscreenCanvas {
  if (typeof OffscreenCanvas === 'function') return new OffscreenCanvas(width, height);
  return Object.assign(document.createElement('canvas'), { width, height });
}
