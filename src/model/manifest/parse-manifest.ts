import {
  CONFIDENCE_FEATURES,
  EARLY_STOPPING,
  GENDER_SETTINGS,
  RESAMPLE_FILTERS,
  RESIZE_RULES,
  BEAM_VARIANTS,
  PROMPT_USES,
  type Calibration,
  type GenderDefaults,
  type GenerationDefaults,
  type GraphFile,
  type ImageSpec,
  type LogisticRegression,
  type Manifest,
  type ModelFile,
  type PrefixSpec,
  type ResizeRule,
  type SpecialTokens,
} from '../../core/index.js';
import { parseJson, type FieldReader } from '../../validate/index.js';

/**
 * Reads and checks a `captioneer.json`. Fields it does not know are ignored, so that a later minor format stays readable.
 *
 * @param json the file's text
 * @param file its path or URL, for messages
 * @throws ManifestError which names the file, the field, what was expected and what was found
 */
export function parseManifest(json: string, file: string): Manifest {
  const root = parseJson(json, file);
  const version = root.field('formatVersion');
  if (version.integer(1) !== 1) throw version.error('1 (this version of captioneer reads no other)');
  const vocabularySize = root.field('vocabularySize').integer(2, MAX_VOCABULARY);
  const maxPositions = root.field('maxPositions').integer(2, MAX_POSITIONS);
  return {
    formatVersion: 1,
    name: root.field('name').string(),
    version: root.field('version').string(),
    family: root.field('family').string(),
    graphs: {
      encoder: readGraph(root.field('graphs').field('encoder')),
      decoder: readGraph(root.field('graphs').field('decoder')),
    },
    tokenizer: { ...readFile(root.field('tokenizer')), type: root.field('tokenizer').field('type').string() },
    image: readImageSpec(root.field('image')),
    tokens: readTokens(root.field('tokens'), vocabularySize, root.field('prefix').isPresent),
    vocabularySize,
    maxPositions,
    generation: readGeneration(root.field('generation'), maxPositions),
    languages: root.field('languages').list((item) => item.string()),
    license: root.field('license').string(),
    trainingData: root.field('trainingData').list((item) => item.string()),
    ...readOptional(root),
  };
}

/** What a manifest says becomes allocations and loops: these are well above what any captioner has. */
const MAX_VOCABULARY = 2 ** 22;
const MAX_POSITIONS = 2 ** 16;
const MAX_LENGTH = 4096;
const MAX_WIDTH = 2 ** 16;
/** More would forbid all other words. */
const MAX_WORD_BONUS = 10;
/** Most regions of an image in a row or column. */
const MAX_REGIONS = 1024;

function readGraph(field: FieldReader): GraphFile {
  const weights = field.field('weights');
  return { ...readFile(field), ...(weights.isPresent && { weights: readFile(weights) }) };
}

function readFile(field: FieldReader): ModelFile {
  const sha256 = field.field('sha256');
  if (!/^[0-9a-f]{64}$/.test(sha256.string())) throw sha256.error('64 lower-case hexadecimal digits');
  return { file: field.field('file').string(), sha256: sha256.string(), bytes: field.field('bytes').integer(1) };
}

function readImageSpec(field: FieldReader): ImageSpec {
  const channels = (name: string): [number, number, number] =>
    field.field(name).list((item) => item.number(), 3) as [number, number, number];
  const resize = field.field('resize').oneOf(RESIZE_RULES);
  const std = channels('std');
  if (std.some((value) => value <= 0)) throw field.field('std').error('three numbers above 0');
  return {
    width: field.field('width').integer(1, 4096),
    height: field.field('height').integer(1, 4096),
    resize,
    resample: field.field('resample').oneOf(RESAMPLE_FILTERS),
    mean: channels('mean'),
    std,
    ...readResizeDetails(field, resize),
  };
}

function readResizeDetails(field: FieldReader, resize: ResizeRule): Partial<ImageSpec> {
  const isSquashed = resize === 'squash-crop';
  const isCrop = resize === 'shortest-edge-crop' || isSquashed;
  const readColor = (color: FieldReader): [number, number, number] =>
    color.list((item) => item.integer(0, 255), 3) as [number, number, number];
  return {
    ...field.optional('rescaleFactor', (scale) => scale.number()),
    ...(isSquashed && {
      squashedWidth: field.field('squashedWidth').integer(1, 8192),
      squashedHeight: field.field('squashedHeight').integer(1, 8192),
    }),
    ...(resize === 'shortest-edge-crop' && field.optional('shortestEdge', (edge) => edge.integer(1, 8192))),
    ...(isCrop &&
      field.optional('cropRounding', (rounding) => rounding.oneOf<'down' | 'half-to-even'>(['down', 'half-to-even']))),
    ...(resize === 'pad' && field.optional('padColor', readColor)),
  };
}

function readTokens(field: FieldReader, vocabularySize: number, hasPrefix: boolean): SpecialTokens {
  const ids = (name: string): number[] => field.field(name).list((item) => item.integer(0, vocabularySize - 1));
  const tokens = { start: ids('start'), end: ids('end'), banned: ids('banned') };
  if (tokens.start.length === 0 && !hasPrefix) {
    throw field.field('start').error('at least one token (only a model with a "prefix" needs none)');
  }
  if (tokens.end.length === 0) throw field.field('end').error('at least one token');
  return tokens;
}

function readGeneration(field: FieldReader, maxPositions: number): GenerationDefaults {
  const longest = Math.min(maxPositions, MAX_LENGTH);
  return {
    numBeams: field.field('numBeams').integer(1, 64),
    lengthPenalty: field.field('lengthPenalty').number(),
    minLength: field.field('minLength').integer(0, longest),
    maxLength: field.field('maxLength').integer(1, longest),
    ...field.optional('countsPrompt', (rule) => rule.boolean()),
    noRepeatNgramSize: field.field('noRepeatNgramSize').integer(0, longest),
    ...field.optional('earlyStopping', (end) => end.oneOf(EARLY_STOPPING)),
    ...field.optional('repetitionPenalty', (penalty) => penalty.positive()),
    ...field.optional('noRepeatWords', (rule) => rule.boolean()),
    ...field.optional('beamVariant', (end) => end.oneOf(BEAM_VARIANTS)),
  };
}

type Optional = Pick<
  Manifest,
  'regions' | 'prefix' | 'text' | 'calibration' | 'gender' | 'parameters' | 'quality' | 'modelCard'
>;

function readOptional(root: FieldReader): Optional {
  return {
    ...root.optional('regions', (regions) => ({
      rows: regions.field('rows').integer(1, MAX_REGIONS),
      columns: regions.field('columns').integer(1, MAX_REGIONS),
      ...regions.optional('boxes', (boxes) => ({
        count: boxes.field('count').integer(1, MAX_REGIONS),
        labels: boxes.field('labels').list((label) => label.string()),
      })),
    })),
    ...root.optional('prefix', readPrefix),
    ...root.optional('text', (text) => ({
      sentenceCase: text.field('sentenceCase').boolean(),
      fullStop: text.field('fullStop').boolean(),
    })),
    ...root.optional('calibration', readCalibration),
    ...root.optional('gender', (field) => readGender(field, root)),
    ...root.optional('promptUse', (use) => use.oneOf(PROMPT_USES)),
    ...root.optional('parameters', (count) => count.integer(1)),
    ...root.optional('quality', (quality) => quality.record((set) => set.record((measure) => measure.number()))),
    ...root.optional('modelCard', (card) => card.string()),
  };
}

function readCalibration(field: FieldReader): Calibration {
  return {
    ...readRegression(field),
    ...field.optional('photograph', readRegression),
    definition: field.field('definition').string(),
    ...field.optional('baseRate', (rate) => rate.share()),
    ...field.optional('reviewThreshold', (threshold) => threshold.share()),
    ...field.optional('nothingThreshold', (threshold) => threshold.share()),
  };
}

function readRegression(field: FieldReader): LogisticRegression {
  const weights = field.field('weights');
  const unknown = Object.keys(weights.object()).find((name) => !CONFIDENCE_FEATURES.some((known) => known === name));
  if (unknown !== undefined) throw weights.error(`weights of ${CONFIDENCE_FEATURES.join(', ')}`);
  return { intercept: field.field('intercept').number(), weights: weights.record((weight) => weight.number()) };
}

function readGender(field: FieldReader, root: FieldReader): GenderDefaults {
  return {
    ...field.optional('setting', (setting) => setting.oneOf(GENDER_SETTINGS)),
    ...field.optional('thresholds', (thresholds) => {
      const male = thresholds.field('male').number();
      const female = thresholds.field('female');
      if (!(female.number() < male)) throw female.error(`a number below "male", ${male}`);
      return { male, female: female.number() };
    }),
    ...field.optional('hasCloseUp', (hasCloseUp) => {
      const isGrid = root.field('regions').isPresent && !root.field('regions').field('boxes').isPresent;
      const isSquashed = root.field('image').field('resize').string() === 'squash';
      if (hasCloseUp.boolean() && !(isGrid && isSquashed)) {
        throw hasCloseUp.error('false, as "regions" is not a grid over the whole of a squashed image');
      }
      return hasCloseUp.boolean();
    }),
    ...field.optional('wordBonus', (bonus) => bonus.numberFrom(0, MAX_WORD_BONUS)),
  };
}

function readPrefix(field: FieldReader): PrefixSpec {
  return {
    length: field.field('length').integer(1, MAX_LENGTH),
    width: field.field('width').integer(1, MAX_WIDTH),
    isNormalized: field.field('isNormalized').boolean(),
  };
}
