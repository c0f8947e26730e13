import { CLIP_SCORE_PREFIX } from '../../metrics/index.js';
import type { CaptionSet, ImageTextEmbedder } from '../../evaluation/index.js';
import type { CommandClip, CommandIo } from '../console/command-io.js';
import { openClip } from '../console/open-model.js';
import type { Output } from '../console/output.js';
import { UsageError } from '../console/usage-error.js';
import type { ImageSource } from './image-source.js';
import type { EvalSettings } from './settings.js';

/** A CLIP that has seen the images of an evaluation. */
interface EvalClip {
  readonly embedder: ImageTextEmbedder;
  dispose(): Promise<void>;
}

/**
 * Loads the CLIP of `--clip` and shows it the images; texts are read when they are asked for.
 *
 * @returns undefined without `--clip`
 * @throws ModelError, UsageError or the abort reason
 */
export async function openEvalClip(
  settings: EvalSettings,
  references: CaptionSet,
  images: ImageSource | undefined,
  output: Output,
  io: CommandIo,
): Promise<EvalClip | undefined> {
  if (settings.clip === undefined || images === undefined) return undefined;
  const clip = await openClip(settings.clip, io, output);
  try {
    const vectors = await embedImages(clip, settings, references, images, output, io);
    return {
      dispose: () => clip.dispose(),
      embedder: {
        name: clip.name,
        image(image) {
          const vector = vectors.get(image);
          if (vector) return vector;
          throw new UsageError(`--clip: the image "${image}" is not in "${settings.images}", or cannot be read`);
        },
        text(caption) {
          io.signal.throwIfAborted();
          return clip.embedText(CLIP_SCORE_PREFIX + caption);
        },
      },
    };
  } catch (error) {
    await clip.dispose();
    throw error;
  }
}

/** Vectors of the images that are there; one that cannot be read is left out. */
async function embedImages(
  clip: CommandClip,
  settings: EvalSettings,
  { captions }: CaptionSet,
  images: ImageSource,
  output: Output,
  { signal }: CommandIo,
): Promise<Map<string, Float32Array>> {
  const vectors = new Map<string, Float32Array>();
  if (!settings.isQuiet) await output.startProgress(captions.size, 'images, CLIP');
  try {
    for await (const { image, source } of images(new Set(captions.keys()), signal)) {
      const vector = await clip.embedImage(source, signal).catch(() => undefined);
      signal.throwIfAborted();
      if (vector) vectors.set(image, vector);
      output.advanceProgress();
    }
  } finally {
    output.stopProgress();
  }
  return vectors;
}
