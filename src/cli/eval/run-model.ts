import { join } from 'node:path';
import type { CommandIo } from '../console/command-io.js';
import { asUsageError, reportImageError } from '../console/error-report.js';
import { openModel } from '../console/open-model.js';
import type { Output } from '../console/output.js';
import { CaptionLog } from './caption-log.js';
import type { ImageSource } from './image-source.js';
import type { EvalModel, EvalSettings } from './settings.js';

/**
 * Captions the wanted images with one model, but those that an earlier run has captioned.
 *
 * @returns captions by image; images that failed are not among them, and are told on standard error
 * @throws UsageError, ModelError, OutputError or the abort reason
 */
export async function runModel(
  { name, model }: EvalModel,
  settings: EvalSettings,
  images: ImageSource,
  wanted: readonly string[],
  output: Output,
  io: CommandIo,
): Promise<ReadonlyMap<string, string>> {
  const { source, load } = model;
  const described = { model: source ?? 'default', load, caption: settings.caption };
  const log = await CaptionLog.open(join(settings.out, 'captions'), name, described);
  const left = new Set(wanted.filter((image) => !log.captions.has(image)));
  if (left.size === 0) return log.captions;
  const captioner = await openModel(model, io, output);
  try {
    if (!settings.isQuiet) await output.startProgress(left.size, `images, ${name}`);
    for await (const { image, source: found } of images(left, io.signal)) {
      try {
        const { text } = await captioner.caption(found, { ...settings.caption, signal: io.signal });
        await log.add({ image, caption: text });
      } catch (error) {
        io.signal.throwIfAborted();
        const usageError = asUsageError(error);
        if (usageError) throw usageError;
        await output.printError(`captioneer: ${name}: ${reportImageError(error, image).message}\n`);
      }
      output.advanceProgress();
    }
  } finally {
    await captioner.dispose();
    output.stopProgress();
  }
  return log.captions;
}
