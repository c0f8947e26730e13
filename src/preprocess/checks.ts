import { InvalidArgumentError } from '../core/errors/index.js';
import { RESAMPLE_FILTERS, RESIZE_RULES, type ImageSpec } from '../core/image-spec.js';
import type { RawImage } from '../core/raw-image.js';

/** The passes index bytes with 32-bit integers. */
const MAX_BYTES = 2 ** 31 - 1;

/** Checks that a length in pixels is a whole number of at least 1. */
export function checkPixelCount(argument: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new InvalidArgumentError(argument, `${argument} is ${value}. Give a whole number of pixels, at least 1.`);
  }
}

/** Checks that a picture with these sides can be held in memory, as RGB bytes. */
export function checkByteCount(argument: string, width: number, height: number): void {
  if (width * height * 3 > MAX_BYTES) {
    throw new InvalidArgumentError(
      argument,
      `${argument}: ${width}×${height} pixels take more than ${MAX_BYTES} bytes. Use a smaller size.`,
    );
  }
}

/** Checks the sides of a picture, and that its data has the length they ask for. */
export function checkImage(image: RawImage): void {
  checkPixelCount('image.width', image.width);
  checkPixelCount('image.height', image.height);
  checkByteCount('image', image.width, image.height);
  const expected = image.width * image.height * 3;
  if (image.data.length !== expected) {
    throw new InvalidArgumentError(
      'image.data',
      `image.data has ${image.data.length} bytes, but ${image.width}×${image.height} RGB pixels take ${expected}. ` +
        'Give interleaved 8-bit RGB without alpha and without padding.',
    );
  }
}

/** Checks that a value is one of the words allowed. */
function checkWord(argument: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value)) {
    throw new InvalidArgumentError(argument, `${argument} is "${value}". Give one of: ${allowed.join(', ')}.`);
  }
}

/** Checks that a filter is one of those known. */
export function checkFilter(argument: string, filter: string): void {
  checkWord(argument, filter, RESAMPLE_FILTERS);
}

/** Checks that there is one number for each of red, green and blue, and that each is allowed. */
function checkTriple(
  argument: string,
  values: readonly number[],
  isAllowed: (value: number) => boolean,
  wanted: string,
): void {
  if (!Array.isArray(values) || values.length !== 3 || !values.every(isAllowed)) {
    throw new InvalidArgumentError(argument, `${argument} is [${String(values)}]. Give three ${wanted}.`);
  }
}

/** Checks all fields of an image spec, and that none is set that its resize rule does not use. */
export function checkImageSpec(spec: ImageSpec): void {
  checkPixelCount('spec.width', spec.width);
  checkPixelCount('spec.height', spec.height);
  checkByteCount('spec', spec.width, spec.height);
  checkWord('spec.resize', spec.resize, RESIZE_RULES);
  checkFilter('spec.resample', spec.resample);
  checkTriple('spec.mean', spec.mean, Number.isFinite, 'finite numbers');
  checkTriple('spec.std', spec.std, (value) => Number.isFinite(value) && value !== 0, 'finite numbers other than 0');
  if (spec.rescaleFactor !== undefined && !Number.isFinite(spec.rescaleFactor)) {
    throw new InvalidArgumentError(
      'spec.rescaleFactor',
      `spec.rescaleFactor is ${spec.rescaleFactor}. Give a finite number, such as 1 / 255, or leave it out.`,
    );
  }
  checkCropFields(spec);
  checkPadFields(spec);
}

function checkCropFields(spec: ImageSpec): void {
  const { resize, cropRounding } = spec;
  const isCropped = resize === 'shortest-edge-crop' || resize === 'squash-crop';
  if (cropRounding !== undefined) {
    if (!isCropped) throw unusedField('cropRounding', ['shortest-edge-crop', 'squash-crop'], spec);
    checkWord('spec.cropRounding', cropRounding, ['down', 'half-to-even']);
  }
  checkBeforeCrop('shortestEdge', 'shortest-edge-crop', Math.max(spec.width, spec.height), spec);
  checkBeforeCrop('squashedWidth', 'squash-crop', spec.width, spec);
  checkBeforeCrop('squashedHeight', 'squash-crop', spec.height, spec);
}

/** Checks a length before the crop, which must be at least the one after it. */
function checkBeforeCrop(
  field: 'shortestEdge' | 'squashedWidth' | 'squashedHeight',
  rule: ImageSpec['resize'],
  least: number,
  spec: ImageSpec,
): void {
  const value = spec[field];
  if (spec.resize !== rule) {
    if (value !== undefined) throw unusedField(field, [rule], spec);
    return;
  }
  if (value === undefined) {
    if (field === 'shortestEdge') return; // it has a default
    throw new InvalidArgumentError(
      `spec.${field}`,
      `spec.${field} is needed with resize: '${rule}'. Give at least ${least}.`,
    );
  }
  checkPixelCount(`spec.${field}`, value);
  if (value >= least) return;
  throw new InvalidArgumentError(
    `spec.${field}`,
    `spec.${field} is ${value}, too small to cut ${spec.width}×${spec.height} from. Give at least ${least}.`,
  );
}

function checkPadFields(spec: ImageSpec): void {
  if (spec.padColor === undefined) return;
  if (spec.resize !== 'pad') throw unusedField('padColor', ['pad'], spec);
  const isByte = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 255;
  checkTriple('spec.padColor', spec.padColor, isByte, 'whole numbers, 0 … 255');
}

function unusedField(field: string, rules: readonly ImageSpec['resize'][], spec: ImageSpec): InvalidArgumentError {
  const wanted = rules.map((rule) => `'${rule}'`).join(' or ');
  return new InvalidArgumentError(
    `spec.${field}`,
    `spec.${field} is only used with resize: ${wanted}, but resize is '${spec.resize}'. Remove the one or change the other.`,
  );
}
