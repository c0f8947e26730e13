import type { FieldReader } from '../../validate/index.js';

/** Encoders that are known, by the `model_type` of their configuration. */
const ENCODERS = ['vit', 'deit', 'beit', 'swin', 'clip_vision_model'] as const;

/** Decoders that are known; distilGPT-2 is a GPT-2 of six layers. */
const DECODERS = ['gpt2'] as const;

/** What a `config.json` says of the two graphs. */
export interface CheckpointConfig {
  readonly encoder: EncoderConfig;
  readonly decoder: DecoderConfig;
}

/** The encoder of a checkpoint. */
export interface EncoderConfig {
  readonly type: (typeof ENCODERS)[number];
  /** Width of a feature vector. */
  readonly width: number;
  /** Height and width of its pictures in pixels. */
  readonly imageSize: readonly [number, number];
  /** Feature vectors of a picture. */
  readonly length: number;
}

/** The decoder of a checkpoint. */
interface DecoderConfig {
  readonly type: (typeof DECODERS)[number];
  readonly vocabularySize: number;
  readonly maxPositions: number;
  readonly numLayers: number;
  readonly numHeads: number;
  /** Numbers in a key or value of one head. */
  readonly headWidth: number;
}

/**
 * Reads what a `config.json` says of encoder and decoder.
 *
 * @throws ManifestError which names the file, the field, what was expected and what was found
 */
export function readCheckpointConfig(config: FieldReader): CheckpointConfig {
  return { encoder: readEncoder(config.field('encoder')), decoder: readDecoder(config.field('decoder')) };
}

function readEncoder(config: FieldReader): EncoderConfig {
  const type = config.field('model_type').oneOf(ENCODERS);
  const imageSize = readSize(config.field('image_size'));
  const patchSize = readSize(config.field('patch_size'));
  const [rows, columns] = [0, 1].map((axis) => Math.floor(imageSize[axis]! / patchSize[axis]!)) as [number, number];
  if (rows < 1 || columns < 1) throw config.field('patch_size').error(`at most image_size (${imageSize.join('×')})`);
  if (type === 'swin') return { type, imageSize, ...readSwin(config, rows, columns) };
  const numExtra = type === 'deit' ? 2 : 1; // the class token, and DeiT's distillation token
  return { type, imageSize, width: config.field('hidden_size').integer(1), length: rows * columns + numExtra };
}

/** Swin halves the grid, and doubles the width, between its stages. */
function readSwin(config: FieldReader, rows: number, columns: number): Pick<EncoderConfig, 'width' | 'length'> {
  const numHalvings = config.field('depths').list((depth) => depth.integer(1)).length - 1;
  const halved = (size: number): number => {
    let rest = size;
    for (let i = 0; i < numHalvings; i++) rest = Math.ceil(rest / 2);
    return rest;
  };
  const width = config.field('embed_dim').integer(1) * 2 ** numHalvings;
  return { width, length: halved(rows) * halved(columns) };
}

function readDecoder(config: FieldReader): DecoderConfig {
  const type = config.field('model_type').oneOf(DECODERS);
  const numHeads = config.field('n_head').integer(1);
  const width = config.field('n_embd').integer(1);
  if (width % numHeads !== 0) throw config.field('n_embd').error(`a multiple of n_head (${numHeads})`);
  return {
    type,
    vocabularySize: config.field('vocab_size').integer(2),
    maxPositions: config.field('n_positions').integer(2),
    numLayers: config.field('n_layer').integer(1),
    numHeads,
    headWidth: width / numHeads,
  };
}

/** One length for both sides, or a list of height and width. */
function readSize(field: FieldReader): readonly [number, number] {
  if (field.isList) return field.list((side) => side.integer(1), 2) as [number, number];
  const side = field.integer(1);
  return [side, side];
}
