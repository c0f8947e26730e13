import type { ImageSpec, ModelDescription, Tokenizer } from '../core/index.js';
// Not by the room's index: it has the measures and every lexicon, which a captioner would load with it.
import { createGenderPolicy } from '../bias/mitigation/gender-policy.js';
import { fitToSpec, imageStatistics, normalize } from '../preprocess/index.js';
import { genderPolicyOptions } from './gender-evidence.js';
import { wordPiecesOf } from '../search/scoring/word-pieces.js';

/** Image rules whose code has run. */
const rehearsed = new Set<string>();

/**
 * Does what the first caption of a model would do first, while its graphs are loaded: looks through the vocabulary for the rules of the
 * search, and resizes a blank image, so that the engine has compiled that code. What goes wrong is told by the first caption.
 */
export function prepareCaptions({ manifest, tokenizer }: PreparedParts): void {
  try {
    const { gender, generation, image } = manifest;
    createGenderPolicy(gender?.setting ?? 'as-is', genderPolicyOptions({ manifest, tokenizer }));
    if (generation.noRepeatWords) wordPiecesOf(tokenizer).lookThrough();
    rehearseImage(image);
  } catch {
    // A setting of the manifest that its vocabulary does not allow.
  }
}

/** What captions are prepared for. */
export interface PreparedParts {
  readonly manifest: ModelDescription;
  readonly tokenizer: Tokenizer;
}

/** Sides of a blank image, in parts of what the model takes: to be made smaller, as almost every image is. */
const SCALE = 1.5;

function rehearseImage(spec: ImageSpec): void {
  const rule = `${spec.resize} ${spec.resample}`;
  if (rehearsed.has(rule)) return;
  rehearsed.add(rule);
  const [width, height] = [Math.ceil(SCALE * spec.width), Math.ceil(SCALE * spec.height)];
  const blank = { data: new Uint8Array(3 * width * height), width, height, channels: 3 } as const;
  const fitted = fitToSpec(blank, spec);
  imageStatistics(fitted);
  normalize(fitted, spec);
}
