import { type FieldReader } from '../validate/index.js';
import { FLORENCE_2 } from './florence-2/index.js';
import type { PublicLayout } from './public/public-layout.js';
import { VISION_ENCODER_DECODER } from './vision-encoder-decoder/index.js';

/** The public layouts that are known, by the `model_type` of their `config.json`. */
const LAYOUTS = {
  'vision-encoder-decoder': VISION_ENCODER_DECODER,
  florence2: FLORENCE_2,
} as const satisfies Readonly<Record<string, PublicLayout>>;

/**
 * The layout of a checkpoint.
 *
 * @param config its `config.json`
 * @throws ManifestError if it is of a type that is not known
 */
export function publicLayoutOf(config: FieldReader): PublicLayout {
  return LAYOUTS[config.field('model_type').oneOf(Object.keys(LAYOUTS) as (keyof typeof LAYOUTS)[])];
}
