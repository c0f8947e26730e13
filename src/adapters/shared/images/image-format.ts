import { ImageUnreadableError } from '../../../core/index.js';
import { decodeUtf8 } from '../../../text/utf8.js';
import { latin1 } from '../byte-arrays.js';

/** The image formats that are decoded; HEIC only if the runtime has a decoder for it. */
export type ImageFormat = 'JPEG' | 'PNG' | 'WebP' | 'GIF' | 'AVIF' | 'TIFF' | 'HEIC';

/** What a file's first bytes say it is: a format that is decoded, or the name of something else, if it is known. */
type FileKind =
  { readonly format: ImageFormat } | { readonly format: undefined; readonly looksLike: string | undefined };

/** The first bytes in hexadecimal; a dot stands for any digit. */
const SIGNATURES: readonly (readonly [ImageFormat, RegExp])[] = [
  ['JPEG', /^ffd8ff/],
  ['PNG', /^89504e470d0a1a0a/],
  ['WebP', /^52494646.{8}57454250/],
  ['GIF', /^47494638(37|39)61/],
  ['TIFF', /^(49492a00|4d4d002a|49492b00|4d4d002b)/],
];

/** What all camera makers' own formats are called in messages. */
export const RAW_PHOTO = "a camera's raw photo";

const OTHER_SIGNATURES: readonly (readonly [string, RegExp])[] = [
  ['a JPEG XL image', /^(ff0a|0000000c4a584c20)/],
  ['a JPEG 2000 image', /^(0000000c6a502020|ff4fff51)/],
  ['a Windows bitmap (BMP)', /^424d.{8}00000000/],
  ['an icon (ICO)', /^0000(01|02)00/],
  ['a Photoshop file', /^38425053/],
  ['a GIMP file', /^67696d7020786366/],
  ['an OpenEXR image', /^762f3101/],
  ['a Radiance image', /^233f(5241444941|52474245)/],
  ['a QOI image', /^716f6966/],
  ['a Netpbm image', /^503[1-7](0a|0d|20)/],
  [RAW_PHOTO, /^(46554a4946494c4d|4949524f|49495253|4d4d4f52|49495500|464f5662|004d524d|.{8}6674797063727820)/],
  ['a PDF document', /^25504446/],
  ['an archive', /^(504b0304|1f8b|526172211a|377abcaf)/],
  ['a video', /^(1a45dfa3|.{8}66747970)/],
];

const TEXTS: readonly (readonly [string, RegExp])[] = [
  ['an SVG drawing', /^(<svg[\s>]|(<\?xml|<!--|<!DOCTYPE svg)[^]*<svg[\s>])/i],
  ['a web page', /^((<\?xml|<!--)[^]*)?<(!doctype html|html)/i],
  ['a Git LFS pointer; fetch the real file with "git lfs pull"', /^version https:\/\/git-lfs/],
];

const HEAD_BYTES = 1024;

/** What to give instead of a file that is not decoded. */
export const USE_COMMON_FORMAT = 'Give a JPEG, PNG, WebP, GIF, AVIF or TIFF image.';

/**
 * The format of an image file.
 *
 * @param name stands for the image in messages
 * @throws ImageUnreadableError for no bytes, and for what is in none of the formats
 */
export function imageFormat(bytes: Uint8Array, name: string): ImageFormat {
  if (bytes.byteLength === 0) {
    throw new ImageUnreadableError(name, `${name}: the image is empty (0 bytes). Copy or download it again.`);
  }
  const kind = fileKind(bytes);
  if (kind.format !== undefined) return kind.format;
  const found = kind.looksLike === undefined ? 'its content is in no known image format' : `this is ${kind.looksLike}`;
  throw new ImageUnreadableError(name, `${name}: ${found}. ${USE_COMMON_FORMAT}`);
}

/** Tells what a file is by its first bytes; its name does not count. */
function fileKind(bytes: Uint8Array): FileKind {
  const head = bytes.subarray(0, HEAD_BYTES);
  const hex = Array.from(head.subarray(0, 64), (byte) => byte.toString(16).padStart(2, '0')).join('');
  const signature = SIGNATURES.find(([, pattern]) => pattern.test(hex));
  if (signature) return { format: signature[0] };
  const brands = isobmffBrands(head);
  if (brands.includes('avif') || brands.includes('avis')) return { format: 'AVIF' };
  if (brands.some((brand) => /^(hei|hev|mif1|msf1)/.test(brand))) return { format: 'HEIC' };
  const found = OTHER_SIGNATURES.find(([, pattern]) => pattern.test(hex));
  if (found) return other(found[0]);
  return other(textKind(head));
}

function other(looksLike: string | undefined): FileKind {
  return { format: undefined, looksLike };
}

/** Major and compatible brands of an ISO base media file (AVIF, HEIC, MP4). */
function isobmffBrands(head: Uint8Array): string[] {
  const text = latin1(head);
  if (text.slice(4, 8) !== 'ftyp') return [];
  const end = Math.min(new DataView(head.buffer, head.byteOffset).getUint32(0), head.length);
  const brands = [text.slice(8, 12)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(text.slice(at, at + 4));
  return brands;
}

function textKind(head: Uint8Array): string | undefined {
  const text = decodeUtf8(head).trimStart(); // without a byte order mark
  const found = TEXTS.find(([, pattern]) => pattern.test(text));
  if (found) return found[0];
  // Control characters and broken UTF-8 are a sign of binary data. The last character may be cut.
  // eslint-disable-next-line no-control-regex
  return text.length > 0 && !/[\0-\x08\x0e-\x1f]|\uFFFD(?!.{0,2}$)/.test(text) ? 'text' : undefined;
}
