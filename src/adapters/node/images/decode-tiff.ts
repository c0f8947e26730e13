import { ImageUnreadableError } from '../../../core/index.js';
import { RAW_PHOTO, USE_COMMON_FORMAT } from '../../shared/images/image-format.js';
import { inSlices, type Pixels } from '../../shared/images/pixels.js';
import { tiffHeader, type TiffHeader } from '../../shared/images/tiff-header.js';
import { decodeCmyk, decodeColours, isPlainCmyk, pixelsOf, type SharpFile } from './sharp-file.js';

/** How many samples of a pixel are colours, by its photometric interpretation; YCbCr and Lab as 2. */
const COLOURS: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 3, 3: 1, 5: 4, 6: 3, 8: 3 };
const WHITE_IS_ZERO = 0;
const PALETTE = 3;
const INKS = 5;
const FLOAT = 3;

/**
 * Decodes a TIFF, which may have samples of any kind.
 *
 * - Floats from 0 to 1 become 0 … 255. Others, and integers that have a sign or 32 bits, are values that are measured or computed,
 *   and no image until somebody says which are black and white.
 * - Of more samples than colours the first alpha counts; those that are unspecified (a saved selection) do not.
 *
 * @throws ImageUnreadableError
 */
export async function decodeTiff(file: SharpFile): Promise<Pixels> {
  const tiff = tiffHeader(file.bytes);
  if (tiff === undefined) return decodeColours(file);
  if (tiff.isRawPhoto) throw unreadable(file, `this is ${RAW_PHOTO} (TIFF). ${USE_COMMON_FORMAT}`);
  if (tiff.sampleFormat === FLOAT) return decodeFloats(file, tiff);
  if (tiff.sampleFormat !== 1) throw unreadable(file, uncommon(`signed or complex samples of ${tiff.bits} bits`));
  if (tiff.bits > 16) throw unreadable(file, uncommon(`integers of ${tiff.bits} bits`));
  const colours = COLOURS[tiff.photometric];
  if (colours === undefined || tiff.photometric === PALETTE) return decodeColours(file);
  const extra = tiff.samplesPerPixel - colours;
  if (tiff.photometric === INKS) {
    if (extra > 0) throw unreadable(file, uncommon('inks with alpha, or of more than four colours'));
    return isPlainCmyk(file.header) ? decodeCmyk(file) : decodeColours(file);
  }
  const alpha = tiff.extraSamples.findIndex((kind) => kind === 1 || kind === 2);
  if (extra <= 0 || (extra === 1 && alpha === 0)) return decodeColours(file);
  if (tiff.extraSamples[alpha] === 1) throw unreadable(file, uncommon('premultiplied alpha among other channels'));
  return picked(await decodeColours(file), colours, alpha, file);
}

/** The colours and, if there is one, the alpha of pixels that have more samples. */
async function picked(pixels: Pixels, colours: number, alpha: number, file: SharpFile): Promise<Pixels> {
  const { data, width, height } = pixels;
  const given: number = pixels.channels; // more than four, here
  const shown = colours === 1 && given >= 3 + (alpha < 0 ? 0 : alpha + 1) ? 3 : colours;
  const channels = (alpha < 0 ? shown : shown + 1) as Pixels['channels'];
  const result = new Uint8Array(width * height * channels);
  await inSlices(width * height, file.limits.signal, (start, end) => {
    for (let pixel = start; pixel < end; pixel += 1) {
      for (let channel = 0; channel < shown; channel += 1) {
        result[pixel * channels + channel] = data[pixel * given + channel]!;
      }
      if (alpha >= 0) result[pixel * channels + shown] = data[pixel * given + shown + alpha]!;
    }
  });
  return { data: result, width, height, channels };
}

async function decodeFloats(file: SharpFile, tiff: TiffHeader): Promise<Pixels> {
  const { header, name, limits } = file;
  if (tiff.bits !== 32) throw unreadable(file, uncommon(`floats of ${tiff.bits} bits`));
  if (tiff.samplesPerPixel > 4) throw unreadable(file, uncommon('more than four floats a pixel'));
  // In its own space and as floats, so that nothing is converted before it is scaled.
  const { space } = header;
  const own = file.open({ ignoreIcc: true }).pipelineColourspace(space).toColourspace(space);
  const { data, width, height, channels } = await pixelsOf(own, name, 'float');
  const floats = new Float32Array(data.buffer, data.byteOffset, data.byteLength / 4);
  const result = new Uint8Array(floats.length);
  const isInverted = tiff.photometric === WHITE_IS_ZERO;
  await inSlices(width * height, limits.signal, (start, end) => {
    for (let at = start * channels; at < end * channels; at += 1) {
      const value = floats[at]!;
      if (!(value >= -TOLERANCE && value <= 1 + TOLERANCE)) {
        throw unreadable(file, uncommon(`floats beyond 0 … 1 (${value})`));
      }
      result[at] = Math.round(255 * Math.min(1, Math.max(0, isInverted ? 1 - value : value)));
    }
  });
  return { data: result, width, height, channels };
}

/** What rounding in an earlier program may add to 1. */
const TOLERANCE = 1e-3;

function uncommon(what: string): string {
  return `the image is a TIFF with ${what}, which have no plain meaning as colours. Save it with 8 or 16 bits a channel.`;
}

function unreadable({ name }: SharpFile, what: string): ImageUnreadableError {
  return new ImageUnreadableError(name, `${name}: ${what}`);
}
