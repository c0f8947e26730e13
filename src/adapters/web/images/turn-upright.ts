import type { Pixels } from '../../shared/images/pixels.js';

/**
 * Turns pixels upright.
 *
 * @param orientation 1 … 8, as EXIF has it (1 is upright already)
 */
export function turnUpright(image: Pixels, orientation: number): Pixels {
  if (orientation === 1) return image;
  const { data, width, height, channels } = image;
  const isTurned = orientation >= 5;
  const fromRight = [2, 3, 7, 8].includes(orientation);
  const fromBelow = [3, 4, 6, 7].includes(orientation);
  const upright = {
    data: new Uint8Array(data.length),
    width: isTurned ? height : width,
    height: isTurned ? width : height,
    channels,
  };
  for (let y = 0, to = 0; y < upright.height; y += 1) {
    for (let x = 0; x < upright.width; x += 1, to += channels) {
      const [across, down] = isTurned ? [y, x] : [x, y];
      const column = fromRight ? width - 1 - across : across;
      const row = fromBelow ? height - 1 - down : down;
      const from = (row * width + column) * channels;
      for (let channel = 0; channel < channels; channel += 1) upright.data[to + channel] = data[from + channel]!;
    }
  }
  return upright;
}
