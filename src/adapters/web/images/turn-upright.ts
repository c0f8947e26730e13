import type { RawImage } from '../../../core/index.js';

/**
 * Turns pixels upright.
 *
 * @param orientation 1 … 8, as EXIF has it (1 is upright already)
 */
export function turnUpright(image: RawImage, orientation: number): RawImage {
  if (orientation === 1) return image;
  const { data, width, height } = image;
  const isTurned = orientation >= 5;
  const fromRight = [2, 3, 7, 8].includes(orientation);
  const fromBelow = [3, 4, 6, 7].includes(orientation);
  const upright = {
    data: new Uint8Array(data.length),
    width: isTurned ? height : width,
    height: isTurned ? width : height,
  };
  for (let y = 0, to = 0; y < upright.height; y += 1) {
    for (let x = 0; x < upright.width; x += 1, to += 3) {
      const [across, down] = isTurned ? [y, x] : [x, y];
      const column = fromRight ? width - 1 - across : across;
      const row = fromBelow ? height - 1 - down : down;
      const from = (row * width + column) * 3;
      upright.data[to] = data[from] as number;
      upright.data[to + 1] = data[from + 1] as number;
      upright.data[to + 2] = data[from + 2] as number;
    }
  }
  return upright;
}
