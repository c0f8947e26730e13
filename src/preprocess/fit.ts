import type { ImageSpec } from '../core/image-spec.js';
import type { RawImage } from '../core/raw-image.js';
import { checkImage, checkImageSpec } from './checks.js';
import { resample } from './resample.js';

/**
 * Brings a picture to the size that a model wants, by the model's resize rule: what the encoder sees, still as bytes.
 *
 * @param image - the source; it is not changed
 * @returns a new picture of `spec.width × spec.height`
 * @throws InvalidArgumentError if a size is not a whole number of at least 1, the data's length does not fit the
 *   picture's sides, or a field of the spec is out of range or not used by its resize rule
 */
export function fitToSpec(image: RawImage, spec: ImageSpec): RawImage {
  checkImage(image);
  checkImageSpec(spec);
  switch (spec.resize) {
    case 'squash':
      return resample(image, spec.width, spec.height, spec.resample);
    case 'squash-crop':
      return cropCentre(image, spec, spec.squashedWidth as number, spec.squashedHeight as number);
    case 'shortest-edge-crop':
      return cropToSpec(image, spec);
    case 'pad':
      return padToSpec(image, spec);
  }
}

/**
 * Resizes the shorter side to `shortestEdge` and takes the centre. The longer side is rounded down, as in torchvision's
 * `Resize` and in the image processors of transformers.
 */
function cropToSpec(image: RawImage, spec: ImageSpec): RawImage {
  const shortestEdge = spec.shortestEdge ?? Math.max(spec.width, spec.height);
  const shorter = Math.min(image.width, image.height);
  const width = Math.trunc((shortestEdge * image.width) / shorter);
  const height = Math.trunc((shortestEdge * image.height) / shorter);
  return cropCentre(image, spec, width, height);
}

/** The centre of the picture as it is when resized to `width × height`; only its pixels are computed. */
function cropCentre(image: RawImage, spec: ImageSpec, width: number, height: number): RawImage {
  const round = spec.cropRounding === 'half-to-even' ? roundHalfToEven : Math.floor;
  const window = {
    left: round((width - spec.width) / 2),
    top: round((height - spec.height) / 2),
    width: spec.width,
    height: spec.height,
  };
  return resample(image, width, height, spec.resample, { window });
}

/**
 * Resizes to fit inside and centres the result on a plain ground, with the roundings of Pillow's `ImageOps.pad`.
 * A picture so long that its short side would vanish keeps one pixel of it.
 */
function padToSpec(image: RawImage, spec: ImageSpec): RawImage {
  const ratio = image.width / image.height;
  const isWider = ratio > spec.width / spec.height;
  const width = isWider ? spec.width : atLeastOne(ratio * spec.height, spec.width);
  const height = isWider ? atLeastOne((image.height / image.width) * spec.width, spec.height) : spec.height;
  const inner = resample(image, width, height, spec.resample);
  return pasteCentred(inner, spec.width, spec.height, spec.padColor ?? [0, 0, 0]);
}

function atLeastOne(length: number, limit: number): number {
  return Math.min(Math.max(roundHalfToEven(length), 1), limit);
}

function pasteCentred(
  inner: RawImage,
  width: number,
  height: number,
  [red, green, blue]: readonly [number, number, number],
): RawImage {
  const data = new Uint8ClampedArray(width * height * 3);
  for (let p = 0; p < data.length; p += 3) {
    data[p] = red;
    data[p + 1] = green;
    data[p + 2] = blue;
  }
  const left = roundHalfToEven((width - inner.width) / 2);
  const top = roundHalfToEven((height - inner.height) / 2);
  for (let y = 0; y < inner.height; y++) {
    const row = inner.data.subarray(y * inner.width * 3, (y + 1) * inner.width * 3);
    data.set(row, ((top + y) * width + left) * 3);
  }
  return { data, width, height };
}

/** Rounds to the nearest whole number, and a half to the even one, as Python's `round` does. */
function roundHalfToEven(value: number): number {
  const down = Math.floor(value);
  const rest = value - down;
  if (rest !== 0.5) return Math.round(value);
  return down % 2 === 0 ? down : down + 1;
}
