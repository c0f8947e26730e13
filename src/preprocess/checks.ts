import { InvalidArgumentError } from '../core/errors/index.js';
import { RESAMPLE_FILTERS, RESIZE_RULES, type ImageSpec } from '../core/image-spec.js';
import type { RawImage } from '../core/raw-image.js';
import { checks } from '../validate/index.js';

/** The passes index bytes with 32-bit integers. */
const MAX_BYTES = 2 ** 31 - 1;

/** Checks that a length in pixels is a whole number of at least 1. */
export function checkPixelCount(argument: string, value: number): void {
  checks.argument(argument, checks.integer(1), value);
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

/** Checks that a filter is one of those known. */
export function checkFilter(argument: string, filter: string): void {
  checks.argument(argument, checks.oneOf(RESAMPLE_FILTERS), filter);
}

/** One number for each of red, green and blue. */
const threeNumbers: checks.Check<readonly number[]> = {
  expected: 'three finite numbers',
  accepts: (value): value is readonly number[] =>
    Array.isArray(value) && value.length === 3 && value.every((number) => Number.isFinite(number)),
};

const threeDivisors: checks.Check<readonly number[]> = {
  expected: 'three finite numbers other than 0',
  accepts: (value): value is readonly number[] => threeNumbers.accepts(value) && !value.includes(0),
};

/** Checks all fields of an image spec, and that none is set that its resize rule does not use. */
export function checkImageSpec(spec: ImageSpec): void {
  checkPixelCount('spec.width', spec.width);
  checkPixelCount('spec.height', spec.height);
  checkByteCount('spec', spec.width, spec.height);
  checks.argument('spec.resize', checks.oneOf(RESIZE_RULES), spec.resize);
  checkFilter('spec.resample', spec.resample);
  checks.argument('spec.mean', threeNumbers, spec.mean);
  checks.argument('spec.std', threeDivisors, spec.std);
  if (spec.rescaleFactor !== undefined) checks.argument('spec.rescaleFactor', checks.finite, spec.rescaleFactor);
  checkCropFields(spec);
  checkPadFields(spec);
}

function checkCropFields(spec: ImageSpec): void {
  const { resize, cropRounding } = spec;
  const isCropped = resize === 'shortest-edge-crop' || resize === 'squash-crop';
  if (cropRounding !== undefined) {
    if (!isCropped) throw unusedField('cropRounding', ['shortest-edge-crop', 'squash-crop'], spec);
    checks.argument('spec.cropRounding', checks.oneOf(['down', 'half-to-even']), cropRounding);
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
  checks.argument('spec.padColor', checks.rgb, spec.padColor);
}

function unusedField(field: string, rules: readonly ImageSpec['resize'][], spec: ImageSpec): InvalidArgumentError {
  const wanted = rules.map((rule) => `'${rule}'`).join(' or ');
  return new InvalidArgumentError(
    `spec.${field}`,
    `spec.${field} is only used with resize: ${wanted}, but resize is '${spec.resize}'. Remove the one or change the other.`,
  );
}
