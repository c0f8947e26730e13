import type { FieldReader } from '../../validate/index.js';

/** The text model, a BART, as the original's configuration and that of transformers call it. */
const TEXT_MODELS = ['florence2_language', 'bart'] as const;

/** What a `config.json` says of the text model. */
export interface Florence2Config {
  /** Width of a vector: of image features, tokens and what the encoder gives. */
  readonly width: number;
  readonly vocabularySize: number;
  /** Most vectors that the encoder reads, those of the image included, and most tokens that the decoder reads. */
  readonly maxPositions: number;
  /** Of the decoder. */
  readonly numLayers: number;
  readonly numHeads: number;
  /** Numbers in a key or value of one head. */
  readonly headWidth: number;
}

/**
 * Reads `config.json`.
 *
 * @throws ManifestError which names the file, the field, what was expected and what was found
 */
export function readFlorence2Config(config: FieldReader): Florence2Config {
  const text = config.field('text_config');
  const type = text.field('model_type');
  if (type.isGiven) type.oneOf(TEXT_MODELS);
  const width = text.field('d_model').integer(1);
  const numHeads = text.field('decoder_attention_heads').integer(1);
  if (width % numHeads !== 0) throw text.field('d_model').error(`a multiple of decoder_attention_heads (${numHeads})`);
  const size = [text.field('vocab_size'), config.field('vocab_size')].find((field) => field.isGiven);
  return {
    width,
    vocabularySize: (size ?? text.field('vocab_size')).integer(2),
    maxPositions: text.field('max_position_embeddings').integer(2),
    numLayers: text.field('decoder_layers').integer(1),
    numHeads,
    headWidth: width / numHeads,
  };
}
