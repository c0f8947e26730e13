import type { RawImage } from '../../../core/index.js';
import { inSlices, type Pixels, type Rgb } from './pixels.js';

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];

/** Channels that differ by less look like one plain colour. */
const PLAIN_LEVELS = 8;

/**
 * Pixels as red, green and blue, with straight alpha composited on a background:
 * `round((colour × alpha + background × (255 − alpha)) / 255)`. A colour under alpha 0 leaves no trace.
 *
 * Three channels are passed on without copying.
 *
 * @param background default white; if that leaves a single plain colour (a white logo), black
 * @throws the abort reason
 */
export async function composite(pixels: Pixels, background: Rgb | undefined, signal?: AbortSignal): Promise<RawImage> {
  const { data, width, height, channels } = pixels;
  if (channels === 3) return { data, width, height };
  const onto = async (colour: Rgb): Promise<RawImage> => {
    const rgb = new Uint8Array(width * height * 3);
    await inSlices(width * height, signal, (start, end) => {
      blendInto(rgb.subarray(start * 3, end * 3), data.subarray(start * channels, end * channels), channels, colour);
    });
    return { data: rgb, width, height };
  };
  const hasAlpha = channels === 2 || channels === 4;
  if (background !== undefined || !hasAlpha) return onto(background ?? WHITE);
  const onWhite = await onto(WHITE);
  if (!(await isPlain(onWhite, signal))) return onWhite;
  const onBlack = await onto(BLACK);
  return (await isPlain(onBlack, signal)) ? onWhite : onBlack;
}

/** Whether all pixels have about the same colour. */
async function isPlain({ data, width, height }: RawImage, signal: AbortSignal | undefined): Promise<boolean> {
  const least = [255, 255, 255];
  const most = [0, 0, 0];
  let isSo = true;
  await inSlices(width * height, signal, (start, end) => {
    for (let at = start * 3; isSo && at < end * 3; at += 1) {
      const level = data[at]!;
      const channel = at % 3;
      if (level < least[channel]!) least[channel] = level;
      if (level > most[channel]!) most[channel] = level;
      isSo = most[channel]! - least[channel]! < PLAIN_LEVELS;
    }
    return isSo;
  });
  return isSo;
}

/**
 * Composites pixels as {@link composite} does, into an image or a part of it.
 *
 * @param rgb three bytes for each pixel of `data`
 */
function blendInto(rgb: Uint8Array, data: Uint8Array | Uint8ClampedArray, channels: 1 | 2 | 4, background: Rgb): void {
  // Which channel holds red, green and blue; a grey image's first holds all three.
  const [red, green, blue] = channels === 4 ? [0, 1, 2] : [0, 0, 0];
  const alphaAt = channels === 1 ? undefined : channels - 1;
  const [backRed, backGreen, backBlue] = background;
  for (let from = 0, to = 0; to < rgb.length; from += channels, to += 3) {
    const alpha = alphaAt === undefined ? 255 : data[from + alphaAt]!;
    rgb[to] = blend(data[from + red]!, backRed, alpha);
    rgb[to + 1] = blend(data[from + green]!, backGreen, alpha);
    rgb[to + 2] = blend(data[from + blue]!, backBlue, alpha);
  }
}

function blend(colour: number, background: number, alpha: number): number {
  const sum = colour * alpha + background * (255 - alpha) + 127;
  return (sum + 1 + (sum >> 8)) >> 8; // sum / 255, rounded down: exact below 65 535
}
