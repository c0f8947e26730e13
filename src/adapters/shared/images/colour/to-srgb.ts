import { inSlices, type Pixels } from '../pixels.js';
import { linearToSrgb, SRGB_CHROMATICITIES, type Chromaticities, type ColourSpace } from './colour-space.js';

/** Entries of the table from light to levels: fine enough that a level is at most half a step off. */
const LIGHT_STEPS = 2 ** 14;

/**
 * Converts pixels to sRGB, relative to the white of each. What lies outside of sRGB is cut off channel by channel.
 *
 * @param pixels of that colour space; alpha stays as it is
 * @returns new pixels
 * @throws the abort reason
 */
export async function toSrgb(pixels: Pixels, space: ColourSpace, signal: AbortSignal | undefined): Promise<Pixels> {
  const { data, width, height, channels } = pixels;
  const converted = new Uint8Array(data);
  const light = Float64Array.from({ length: 256 }, (_, level) => space.toLinear(level / 255));
  const convert =
    channels < 3 ? greyConverter(light, channels) : colourConverter(light, space.chromaticities, channels);
  await inSlices(width * height, signal, (start, end) => {
    convert(converted, start * channels, end * channels);
  });
  return { ...pixels, data: converted };
}

/** Converts the bytes from `start` to `end`. */
type Converter = (data: Uint8Array, start: number, end: number) => void;

function greyConverter(light: Float64Array, channels: number): Converter {
  const levels = Uint8Array.from(light, (value) => Math.round(255 * linearToSrgb(clamped(value))));
  return (data, start, end) => {
    for (let at = start; at < end; at += channels) data[at] = levels[data[at]!]!;
  };
}

function colourConverter(light: Float64Array, from: Chromaticities, channels: number): Converter {
  const matrix = product(inverse(rgbToXyz(SRGB_CHROMATICITIES)), rgbToXyz(from)); // both adapted to the same white
  const [rr, rg, rb, gr, gg, gb, br, bg, bb] = matrix;
  const levels = Uint8Array.from({ length: LIGHT_STEPS + 1 }, (_, step) =>
    Math.round(255 * linearToSrgb(step / LIGHT_STEPS)),
  );
  const level = (value: number): number => levels[(clamped(value) * LIGHT_STEPS + 0.5) | 0]!;
  return (data, start, end) => {
    for (let at = start; at < end; at += channels) {
      const red = light[data[at]!]!;
      const green = light[data[at + 1]!]!;
      const blue = light[data[at + 2]!]!;
      data[at] = level(rr * red + rg * green + rb * blue);
      data[at + 1] = level(gr * red + gg * green + gb * blue);
      data[at + 2] = level(br * red + bg * green + bb * blue);
    }
  };
}

function clamped(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}

/** Row by row. */
type Matrix = readonly [number, number, number, number, number, number, number, number, number];
type Vector = readonly [number, number, number];

/** Light of red, green and blue to XYZ, adapted to the white D50 by Bradford's method (ICC.1:2022, annex E). */
function rgbToXyz([white, red, green, blue]: Chromaticities): Matrix {
  const [r, g, b, w] = [xyz(red), xyz(green), xyz(blue), xyz(white)];
  const primaries: Matrix = [r[0], g[0], b[0], r[1], g[1], b[1], r[2], g[2], b[2]];
  const [scaleRed, scaleGreen, scaleBlue] = applied(inverse(primaries), w);
  const scaled = product(primaries, [scaleRed, 0, 0, 0, scaleGreen, 0, 0, 0, scaleBlue]);
  return product(adaptation(w), scaled);
}

/** X, Y and Z of a chromaticity at Y = 1. */
function xyz([x, y]: readonly [number, number]): Vector {
  return [x / y, 1, (1 - x - y) / y];
}

const BRADFORD: Matrix = [0.8951, 0.2664, -0.1614, -0.7502, 1.7135, 0.0367, 0.0389, -0.0685, 1.0296];
const D50: Vector = [0.9642, 1, 0.8249];

function adaptation(white: Vector): Matrix {
  const [from, to] = [applied(BRADFORD, white), applied(BRADFORD, D50)];
  const scales: Matrix = [to[0] / from[0], 0, 0, 0, to[1] / from[1], 0, 0, 0, to[2] / from[2]];
  return product(inverse(BRADFORD), product(scales, BRADFORD));
}

function product(left: Matrix, right: Matrix): Matrix {
  const cell = (row: number, column: number): number =>
    left[row * 3]! * right[column]! + left[row * 3 + 1]! * right[column + 3]! + left[row * 3 + 2]! * right[column + 6]!;
  return [0, 1, 2].flatMap((row) => [0, 1, 2].map((column) => cell(row, column))) as unknown as Matrix;
}

function applied(m: Matrix, [x, y, z]: Vector): Vector {
  return [m[0] * x + m[1] * y + m[2] * z, m[3] * x + m[4] * y + m[5] * z, m[6] * x + m[7] * y + m[8] * z];
}

function inverse([a, b, c, d, e, f, g, h, i]: Matrix): Matrix {
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  const adjugate: Matrix = [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ];
  return adjugate.map((value) => value / determinant) as unknown as Matrix;
}
