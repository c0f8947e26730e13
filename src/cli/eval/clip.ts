import { join } from 'node:path';
import { CLIP_SCORE_PREFIX } from '../../metrics/index.js';
import type { CaptionSet, ImageTextEmbedder } from '../../evaluation/index.js';
import type { CommandClip, CommandIo } from '../console/command-io.js';
import { openClip } from '../console/open-model.js';
import type { Output } from '../console/output.js';
import { UsageError } from '../console/usage-error.js';
import type { ImageSource } from './image-source.js';
import { logName } from './caption-log.js';
import type { EvalSettings } from './settings.js';
import { VectorLog } from './vector-log.js';

/** A CLIP that has seen the images of an evaluation. */
interface EvalClip {
  readonly embedder: ImageTextEmbedder;
  dispose(): Promise<void>;
}

/**
 * Loads the CLIP of `--clip` and shows it the images; texts are read when they are asked for. What an earlier run has asked is taken
 * from the file that it left.
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
    const path = join(settings.out, 'embeddings', `${logName(clip.name)}.jsonl`);
    const log = await VectorLog.open(path, { model: clip.name, source: String(settings.clip.source) });
    await embedImages(clip, log, settings, references, images, output, io);
    return {
      dispose: () => clip.dispose(),
      embedder: {
        name: clip.name,
        image(image) {
          const vector = log.get('image', image);
          if (vector) return vector;
          throw new UsageError(`--clip: the image "${image}" is not in "${settings.images}", or cannot be read`);
        },
        async text(caption) {
          io.signal.throwIfAborted();
          return (
            log.get('text', caption) ?? log.add('text', caption, await clip.embedText(CLIP_SCORE_PREFIX + caption))
          );
        },
      },
    };
  } catch (error) {
    await clip.dispose();
    throw error;
  }
}

/** Shows a CLIP the images that it has not seen; one that cannot be read is left out. */
async function embedImages(
  clip: CommandClip,
  log: VectorLog,
  settings: EvalSettings,
  { captions }: CaptionSet,
  images: ImageSource,
  output: Output,
  { signal }: CommandIo,
): Promise<void> {
  const unseen = new Set([...captions.keys()].filter((image) => log.get('image', image) === undefined));
  if (unseen.size === 0) return;
  if (!settings.isQuiet) await output.startProgress(unseen.size, 'images, CLIP');
  try {
    for await (const { image, source } of images(unseen, signal)) {
      const vector = await clip.embedImage(source, signal).catch(() => undefined);
      signal.throwIfAborted();
      if (vector) await log.add('image', image, vector);
      output.advanceProgress();
    }
  } finally {
    output.stopProgress();
  }
}
