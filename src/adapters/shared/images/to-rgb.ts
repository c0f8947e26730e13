import type { RawImage } from '../../../core/index.js';

/**
 * 8-bit pixels of one to four channels as red, green and blue, with straight alpha composited on a background:
 * `round((colour × alpha + background × (255 − alpha)) / 255)`. A colour under alpha 0 leaves no trace.
 *
 * Three channels are passed on without copying.
 *
 * @param data `height × width × channels` bytes
 * @param background red, green and blue, 0 … 255
 */
export function toRgb(
  data: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
  channels: 1 | 2 | 3 | 4,
  background: readonly [number, number, number],
): RawImage {
  if (channels === 3) return { data, width, height };
  const rgb = new Uint8Array(width * height * 3);
  blendInto(rgb, data, channels, background);
  return { data: rgb, width, height };
}

/**
 * Composites pixels as {@link toRgb} does, into a picture or a part of it.
 *
 * @param rgb three bytes for each pixel of `data`
 */
export function blendInto(
  rgb: Uint8Array,
  data: Uint8Array | Uint8ClampedArray,
  channels: 1 | 2 | 4,
  background: readonly [number, number, number],
): void {
  // Which channel holds red, green and blue; a grey picture's first holds all three.
  const [red, green, blue] = channels === 4 ? [0, 1, 2] : [0, 0, 0];
  const alphaAt = channels === 2 || channels === 4 ? channels - 1 : undefined;
  const [backRed, backGreen, backBlue] = background;
  for (let from = 0, to = 0; to < rgb.length; from += channels, to += 3) {
    const alpha = alphaAt === undefined ? 255 : (data[from + alphaAt] as number);
    rgb[to] = blend(data[from + red] as number, backRed, alpha);
    rgb[to + 1] = blend(data[from + green] as number, backGreen, alpha);
    rgb[to + 2] = blend(data[from + blue] as number, backBlue, alpha);
  }
}

function blend(colour: number, background: number, alpha: number): number {
  return ((colour * alpha + background * (255 - alpha) + 127) / 255) | 0;
}
