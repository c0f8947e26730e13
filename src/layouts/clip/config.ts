import { ModelMismatchError, type ImageSpec } from '../../core/index.js';
import type { FieldReader } from '../../validate/index.js';
import { readImageProcessor } from '../public/image-processor.js';

/** What a `config.json` and a `preprocessor_config.json` say of a CLIP. */
export interface ClipConfig {
  /** How an image becomes pixel values. */
  readonly image: ImageSpec;
  /** Numbers in an embedding. */
  readonly width: number;
  readonly vocabularySize: number;
  /** Most tokens that the text encoder reads, start and end included. */
  readonly maxPositions: number;
}

/**
 * Reads the configurations. What they leave out is as transformers has it.
 *
 * @throws ManifestError which names the file, the field, what was expected and what was found; ModelMismatchError if images are not
 *   of the size that the vision model takes
 */
export function readClipConfig(config: FieldReader, processor: FieldReader): ClipConfig {
  config.field('model_type').oneOf(['clip']);
  const [text, vision] = [config.field('text_config'), config.field('vision_config')];
  const size = integerOr(vision, 'image_size', 224);
  const image = readImageProcessor(processor, 'clip_vision_model');
  if (image.width !== size || image.height !== size) {
    const expected = `images of ${size}×${size}, as vision_config.image_size in config.json says`;
    throw new ModelMismatchError('preprocessor_config.json', expected, `images of ${image.height}×${image.width}`);
  }
  return {
    image,
    width: integerOr(config, 'projection_dim', 512),
    vocabularySize: integerOr(text, 'vocab_size', 49408),
    maxPositions: integerOr(text, 'max_position_embeddings', 77, 3),
  };
}

function integerOr(fields: FieldReader, name: string, otherwise: number, min = 1): number {
  const field = fields.field(name);
  return field.isGiven ? field.integer(min) : otherwise;
}
