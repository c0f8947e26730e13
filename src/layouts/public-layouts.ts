import { type FieldReader } from '../validate/index.js';
import { FLORENCE_2 } from './florence-2/index.js';
import type { PublicLayout } from './public/public-layout.js';
import { VISION_ENCODER_DECODER } from './vision-encoder-decoder/index.js';

/** The public layouts that are known, by the `model_type` of their `config.json`. */
const LAYOUTS = {
  'vision-encoder-decoder': VISION_ENCODER_DECODER,
  florence2: FLORENCE_2,
} as const satisfies Readonly<Record<string, PublicLayout>>;

/** Types without a public layout in ONNX, which `captioneer-export` makes model folders of. */
const EXPORTED = ['blip', 'git'] as const;

/**
 * The layout of a checkpoint.
 *
 * @param config its `config.json`
 * @throws ManifestError if it is of a type that is not known, or has to be exported first
 */
export function publicLayoutOf(config: FieldReader): PublicLayout {
  const type = config.field('model_type');
  for (const kind of EXPORTED) {
    if (type.is(kind))
      throw type.error(`a type with graphs in ONNX; export this checkpoint once: captioneer-export ${kind} …`);
  }
  return LAYOUTS[config.field('model_type').oneOf(Object.keys(LAYOUTS) as (keyof typeof LAYOUTS)[])];
}
