import { ImageUnreadableError } from '../../../core/index.js';
import { RAW_PHOTO, USE_COMMON_FORMAT } from '../../shared/images/image-format.js';
import { inSlices, type Pixels } from '../../shared/images/pixels.js';
import type { TiffHeader } from '../../shared/images/tiff-header.js';
import { decodeCmyk, decodeColours, isPlainCmyk, pixelsOf, type SharpFile } from './sharp-file.js';

/** How many samples of a pixel are colours, by its photometric interpretation; YCbCr and Lab as colours. */
const COLOURS: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 3, 3: 1, 5: 4, 6: 3, 8: 3 };
const WHITE_IS_ZERO = 0;
const INKS = 5;
/** Sample formats. */
const UNSIGNED: readonly number[] = [1, 4]; // 4: undefined, by which programs mean the same
const FLOAT = 3;
/** Kinds of samples beyond the colours. */
const PREMULTIPLIED = 1;
const STRAIGHT = 2;

/**
 * Refuses a TIFF whose samples are no colours: values that are measured or computed, with a sign, or 32 bits wide, are no image until
 * somebody says which of them are black and white.
 *
 * @throws ImageUnreadableError
 */
export function checkSamples(tiff: TiffHeader, name: string): void {
  if (tiff.isRawPhoto)
    throw new ImageUnreadableError(name, `${name}: this is ${RAW_PHOTO} (TIFF). ${USE_COMMON_FORMAT}`);
  const { bits, samplesPerPixel, sampleFormat, photometric } = tiff;
  if (sampleFormat === FLOAT) {
    if (bits !== 32) throw uncommon(name, `floats of ${bits} bits`);
    if (samplesPerPixel > 4) throw uncommon(name, 'more than four floats a pixel');
    return;
  }
  if (!UNSIGNED.includes(sampleFormat)) throw uncommon(name, `signed or complex samples of ${bits} bits`);
  if (bits > 16) throw uncommon(name, `integers of ${bits} bits`);
  if (photometric === INKS && samplesPerPixel > 4) throw uncommon(name, 'inks and alpha, or more than four inks');
  const { extra, alpha } = extrasOf(tiff);
  if (extra > 1 && tiff.extraSamples[alpha] === PREMULTIPLIED) {
    throw uncommon(name, 'premultiplied alpha among other channels');
  }
}

/**
 * Decodes a TIFF that {@link checkSamples} lets pass.
 *
 * - Floats from 0 to 1 become 0 … 255; others are an error.
 * - Of more samples than colours the first alpha counts; those that are unspecified (a saved selection) do not.
 *
 * @throws ImageUnreadableError
 */
export async function decodeTiff(file: SharpFile, tiff: TiffHeader): Promise<Pixels> {
  if (tiff.sampleFormat === FLOAT) return decodeFloats(file, tiff);
  if (isPlainCmyk(file.header)) return decodeCmyk(file);
  const { colours, extra, alpha } = extrasOf(tiff);
  const pixels = await decodeColours(file);
  return extra <= 0 || (extra === 1 && alpha === 0) ? pixels : picked(pixels, colours, alpha, file);
}

/** How many samples are colours, how many come after them, and which of these is the first alpha; -1 if none is. */
function extrasOf(tiff: TiffHeader): { readonly colours: number; readonly extra: number; readonly alpha: number } {
  const colours = COLOURS[tiff.photometric] ?? tiff.samplesPerPixel;
  const alpha = tiff.extraSamples.findIndex((kind) => kind === PREMULTIPLIED || kind === STRAIGHT);
  return { colours, extra: tiff.samplesPerPixel - colours, alpha };
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
        throw uncommon(name, `floats beyond 0 … 1 (${value})`);
      }
      result[at] = Math.round(255 * Math.min(1, Math.max(0, isInverted ? 1 - value : value)));
    }
  });
  return { data: result, width, height, channels };
}

/** What rounding in an earlier program may add to 1. */
const TOLERANCE = 1e-3;

function uncommon(name: string, what: string): ImageUnreadableError {
  const problem = `the image is a TIFF with ${what}, which have no plain meaning as colours`;
  return new ImageUnreadableError(name, `${name}: ${problem}. Save it with 8 or 16 bits a channel.`);
}
