import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { ImageUnreadableError } from '../../../core/index.js';
import { untilAborted } from '../../../async/until-aborted.js';
import { spaceOfCodePoints } from '../../shared/images/colour/colour-space.js';
import { colourBoxes, type ColourBoxes } from '../../shared/images/colour/heif-colours.js';
import { toSrgb } from '../../shared/images/colour/to-srgb.js';
import { overdue } from '../../shared/images/decode-queue.js';
import { checkSize } from '../../shared/images/image-limits.js';
import type { Pixels } from '../../shared/images/pixels.js';
import { undecodable } from '../../shared/images/undecodable.js';
import { thisFile } from '../files/this-file.js';
import { decodeColours, openFile, type DecodeLimits } from './sharp-file.js';

const PEER = 'heic-decode';

/** In another thread: the decoder, libheif in WebAssembly, does not yield, and can be stopped only together with its thread. */
const WORKER = `
const { parentPort, workerData } = require('node:worker_threads');
(async () => {
  const decode = require(workerData.path);
  const [image] = await decode.all({ buffer: workerData.bytes });
  const { width, height } = image;
  parentPort.postMessage({ width, height });
  await new Promise((resolve) => parentPort.once('message', resolve));
  const { data } = await image.decode();
  parentPort.postMessage({ data, width, height }, [data.buffer]);
})().catch((error) => parentPort.postMessage({ error: String(error && error.message || error) }));
`;

/** What the thread answers: first the size, then the pixels. */
interface Answer {
  readonly width: number;
  readonly height: number;
  readonly data?: Uint8ClampedArray;
  readonly error?: string;
}

/**
 * Decodes a HEIC or HEIF file by the optional package `heic-decode`, upright, in sRGB.
 *
 * @throws ImageUnreadableError which names the package if it is not installed; ImageTooLargeError
 */
export async function decodeHeic(bytes: Uint8Array, name: string, limits: DecodeLimits): Promise<Pixels> {
  const path = peerPath(name);
  const worker = new Worker(WORKER, { eval: true, workerData: { path, bytes } });
  const { imageTimeoutMs, signal } = limits;
  const timer = imageTimeoutMs < 2 ** 31 ? setTimeout(() => void worker.terminate(), imageTimeoutMs) : undefined;
  try {
    const answer = await untilAborted(answerOf(worker, bytes, name, limits), signal);
    const pixels: Pixels = { data: answer.data!, width: answer.width, height: answer.height, channels: 4 };
    return await inSrgb(pixels, boxesOf(bytes), limits);
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

function peerPath(name: string): string {
  try {
    return createRequire(thisFile()).resolve(PEER);
  } catch (cause) {
    throw new ImageUnreadableError(
      name,
      `${name}: this is a HEIC image, which needs the package "${PEER}". Run "npm install ${PEER}", or give a JPEG.`,
      { cause },
    );
  }
}

function answerOf(worker: Worker, bytes: Uint8Array, name: string, limits: DecodeLimits): Promise<Answer> {
  return new Promise((resolve, reject) => {
    worker.on('message', (answer: Answer) => {
      try {
        if (answer.error !== undefined) throw undecodable(bytes, name, new Error(answer.error));
        checkSize(answer, name, limits);
        if (answer.data === undefined) worker.postMessage('decode');
        else resolve(answer);
      } catch (error) {
        reject(error);
      }
    });
    worker.on('error', (error) => {
      reject(undecodable(bytes, name, error));
    });
    worker.on('exit', () => {
      reject(overdue(name, limits.imageTimeoutMs));
    });
  });
}

function boxesOf(bytes: Uint8Array): ColourBoxes {
  try {
    return colourBoxes(bytes);
  } catch (error) {
    if (error instanceof RangeError) return {};
    throw error;
  }
}

/** The decoder leaves the colours as they are: those of most phones are Display P3, by a profile. */
async function inSrgb(pixels: Pixels, { icc, nclx }: ColourBoxes, limits: DecodeLimits): Promise<Pixels> {
  if (icc !== undefined)
    return decodeColours(await openFile(tiffOf(pixels, icc), 'HEIC', { ...limits, maxPixels: Infinity }));
  const space = nclx === undefined ? undefined : spaceOfCodePoints(...nclx, true);
  return space === undefined ? pixels : toSrgb(pixels, space, limits.signal);
}

/** Pixels and their profile as a TIFF without compression, the form in which sharp takes both. */
function tiffOf({ data, width, height, channels }: Pixels, icc: Uint8Array): Uint8Array {
  const fields: readonly (readonly [tag: number, type: number, count: number, value: number])[] = [
    [256, 4, 1, width],
    [257, 4, 1, height],
    [258, 3, channels, BITS_AT],
    [259, 3, 1, 1], // not compressed
    [262, 3, 1, 2], // red, green and blue
    [273, 4, 1, PIXELS_AT],
    [277, 3, 1, channels],
    [278, 4, 1, height],
    [279, 4, 1, data.length],
    [338, 3, 1, 2], // straight alpha
    [34675, 7, icc.length, PIXELS_AT + data.length],
  ];
  const tiff = new Uint8Array(PIXELS_AT + data.length + icc.length);
  const view = new DataView(tiff.buffer);
  tiff.set([0x49, 0x49, 42, 0, DIRECTORY_AT]);
  view.setUint16(DIRECTORY_AT, fields.length, true);
  for (const [index, [tag, type, count, value]] of fields.entries()) {
    const at = DIRECTORY_AT + 2 + index * 12;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, count, true);
    view.setUint32(at + 8, value, true);
  }
  for (let channel = 0; channel < channels; channel += 1) view.setUint16(BITS_AT + channel * 2, 8, true);
  tiff.set(data, PIXELS_AT);
  tiff.set(icc, PIXELS_AT + data.length);
  return tiff;
}

const DIRECTORY_AT = 8;
const BITS_AT = 200;
const PIXELS_AT = 256;
