import type { RawImage } from '../../../core/index.js';
import { blendInto } from '../../shared/images/to-rgb.js';

/** Pixels that are on the canvas at once: bounds its memory, and browsers bound its area. */
const BAND_PIXELS = 2 ** 20;

/**
 * The pixels of a bitmap, with alpha composited on a background as `toRgb` does.
 *
 * A canvas keeps colours multiplied by alpha. In 8 bits that loses what a transparent pixel's colour was; half floats, in
 * browsers that have them, keep it to the last bit.
 *
 * @throws DOMException where the page may not read the pixels
 */
export function bitmapPixels(bitmap: ImageBitmap, background: readonly [number, number, number]): RawImage {
  const { width, height } = bitmap;
  const rows = Math.min(height, Math.max(1, Math.floor(BAND_PIXELS / width)));
  const canvas = createContext(width, rows);
  const data = new Uint8Array(width * height * 3);
  for (let top = 0; top < height; top += rows) {
    const count = Math.min(rows, height - top);
    canvas.clearRect(0, 0, width, rows);
    canvas.drawImage(bitmap, 0, -top);
    const rgba = canvas.getImageData(0, 0, width, count).data; // [count, width, 4]
    blendInto(data.subarray(top * width * 3, (top + count) * width * 3), rgba, 4, background);
  }
  return { data, width, height };
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
