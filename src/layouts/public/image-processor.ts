import type { ImageSpec, ResampleFilter } from '../../core/index.js';
import type { FieldReader } from '../../validate/index.js';

type Sides = Pick<ImageSpec, 'width' | 'height'>;
type Triple = readonly [number, number, number];

/** What a processor does if its `preprocessor_config.json` does not say. */
interface ProcessorDefaults {
  readonly resample: number;
  readonly size: { readonly height: number; readonly width: number } | { readonly shortest_edge: number };
  readonly doCenterCrop: boolean;
  readonly mean: Triple;
  readonly std: Triple;
}

/** The filters by the numbers that Pillow gives them. */
const FILTERS: readonly ResampleFilter[] = ['nearest', 'lanczos', 'bilinear', 'bicubic', 'box', 'hamming'];

const HALF: Triple = [0.5, 0.5, 0.5];
const SQUARE_256 = { size: { height: 256, width: 256 }, doCenterCrop: true, mean: HALF, std: HALF };

/** The image processors of transformers for the encoders that are known. */
const PROCESSORS: Readonly<Record<'ViT' | 'DeiT' | 'Beit' | 'CLIP', ProcessorDefaults>> = {
  ViT: { resample: 2, size: { height: 224, width: 224 }, doCenterCrop: false, mean: HALF, std: HALF },
  DeiT: { resample: 3, ...SQUARE_256 },
  Beit: { resample: 3, ...SQUARE_256 },
  CLIP: {
    resample: 3,
    size: { shortest_edge: 224 },
    doCenterCrop: true,
    mean: [0.48145466, 0.4578275, 0.40821073],
    std: [0.26862954, 0.26130258, 0.27577711],
  },
};

/** The processor of an encoder if its configuration names none, by the encoder's `model_type`. */
const PROCESSOR_OF = {
  vit: 'ViT',
  deit: 'DeiT',
  beit: 'Beit',
  swin: 'ViT',
  clip_vision_model: 'CLIP',
  davit: 'CLIP',
} as const satisfies Readonly<Record<string, keyof typeof PROCESSORS>>;

/**
 * Reads a `preprocessor_config.json`: how a picture becomes pixel values, as the image processors of transformers do it.
 *
 * @throws ManifestError which names the file, the field, what was expected and what was found
 */
export function readImageProcessor(config: FieldReader, encoder: keyof typeof PROCESSOR_OF): ImageSpec {
  const defaults = PROCESSORS[readType(config) ?? PROCESSOR_OF[encoder]];
  if (!flag(config, 'do_resize', true)) throw config.field('do_resize').error('true (an encoder takes one size only)');
  const isRescaled = flag(config, 'do_rescale', true);
  const isNormalized = flag(config, 'do_normalize', true);
  return {
    ...readResize(config, defaults),
    resample: readFilter(config.field('resample'), defaults.resample),
    rescaleFactor: isRescaled ? or(config.field('rescale_factor'), (field) => field.number(), 1 / 255) : 1,
    mean: isNormalized ? or(config.field('image_mean'), readTriple, defaults.mean) : [0, 0, 0],
    std: isNormalized ? readStd(config.field('image_std'), defaults.std) : [1, 1, 1],
  };
}

/** Older configurations call the processor a feature extractor; `Fast` is another implementation of the same. */
function readType(config: FieldReader): keyof typeof PROCESSORS | undefined {
  const field = ['image_processor_type', 'feature_extractor_type']
    .map((name) => config.field(name))
    .find((candidate) => candidate.isGiven);
  if (field === undefined) return undefined;
  const name = field.string().replace(/(ImageProcessor(Fast)?|FeatureExtractor)$/, '');
  const known = Object.keys(PROCESSORS) as (keyof typeof PROCESSORS)[];
  const found = known.find((type) => type === name);
  if (found === undefined) throw field.error(known.map((type) => `"${type}ImageProcessor"`).join(', '));
  return found;
}

/** How the picture is brought to the encoder's size: squashed, squashed and cropped, or by its shorter side and cropped. */
function readResize(
  config: FieldReader,
  { size, doCenterCrop }: ProcessorDefaults,
): Omit<ImageSpec, 'resample' | 'mean' | 'std'> {
  const field = config.field('size');
  const isCropped = flag(config, 'do_center_crop', doCenterCrop);
  const byShortestEdge = field.isGiven ? isShortestEdge(field, size) : 'shortest_edge' in size;
  if (byShortestEdge) {
    if (!isCropped) throw config.field('do_center_crop').error('true, where size is that of the shorter side');
    return { ...readCrop(config), resize: 'shortest-edge-crop', shortestEdge: readShortestEdge(field, size) };
  }
  const sides = field.isGiven ? readSides(field) : (size as Sides);
  if (!isCropped) return { ...sides, resize: 'squash' };
  return { ...readCrop(config), resize: 'squash-crop', squashedWidth: sides.width, squashedHeight: sides.height };
}

/** One number is the shorter side for CLIP, and both sides for the others. */
function isShortestEdge(field: FieldReader, size: ProcessorDefaults['size']): boolean {
  return field.isObject ? field.field('shortest_edge').isGiven : 'shortest_edge' in size;
}

function readShortestEdge(field: FieldReader, size: ProcessorDefaults['size']): number {
  if (!field.isGiven) return (size as { shortest_edge: number }).shortest_edge;
  return (field.isObject ? field.field('shortest_edge') : field).integer(1, 8192);
}

function readCrop(config: FieldReader): Sides {
  return or(config.field('crop_size'), readSides, { width: 224, height: 224 });
}

/** `{ height, width }`, or one number for both. */
function readSides(field: FieldReader): Sides {
  if (field.isObject) {
    return { height: field.field('height').integer(1, 8192), width: field.field('width').integer(1, 8192) };
  }
  const side = field.integer(1, 8192);
  return { width: side, height: side };
}

function readFilter(field: FieldReader, otherwise: number): ResampleFilter {
  return FILTERS[or(field, (given) => given.integer(0, FILTERS.length - 1), otherwise)] as ResampleFilter;
}

function readStd(field: FieldReader, otherwise: Triple): Triple {
  const std = or(field, readTriple, otherwise);
  if (std.some((value) => value <= 0)) throw field.error('numbers above 0');
  return std;
}

/** Three numbers, or one for all channels. */
function readTriple(field: FieldReader): Triple {
  if (field.isList) return field.list((item) => item.number(), 3) as [number, number, number];
  const value = field.number();
  return [value, value, value];
}

function flag(config: FieldReader, name: string, otherwise: boolean): boolean {
  return or(config.field(name), (field) => field.boolean(), otherwise);
}

/** Reads a field, or takes the default if it is absent or null. */
function or<T>(field: FieldReader, read: (field: FieldReader) => T, otherwise: T): T {
  return field.isGiven ? read(field) : otherwise;
}
