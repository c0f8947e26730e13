import type { RawImage } from '../../src/core/raw-image.js';

/** A picture in which each byte is `value(x, y, channel)`. */
export function picture(
  width: number,
  height: number,
  value: (x: number, y: number, channel: number) => number,
): RawImage {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / 3);
    data[i] = value(pixel % width, Math.floor(pixel / width), i % 3);
  }
  return { data, width, height };
}

/** A picture of one colour. */
export function plain(width: number, height: number, color: readonly [number, number, number]): RawImage {
  return picture(width, height, (_x, _y, channel) => color[channel] ?? 0);
}

/** A picture whose bytes have no pattern, and are the same each time. */
export function scrambled(width: number, height: number): RawImage {
  let state = 1;
  return picture(width, height, () => {
    state = (Math.imul(state, 1103515245) + 12345) | 0;
    return (state >>> 16) & 255;
  });
}

/** The part of a picture from (left, top) on. */
export function crop(image: RawImage, left: number, top: number, width: number, height: number): RawImage {
  return picture(
    width,
    height,
    (x, y, channel) => image.data[((top + y) * image.width + left + x) * 3 + channel] ?? NaN,
  );
}
