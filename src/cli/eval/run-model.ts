import { join } from 'node:path';
import type { FailedImage } from '../../evaluation/index.js';
import type { CommandCaptioner, CommandIo } from '../console/command-io.js';
import { count } from '../console/count.js';
import { asUsageError, reportImageError } from '../console/error-report.js';
import { openModel } from '../console/open-model.js';
import type { Output } from '../console/output.js';
import { noteWithoutAttention } from './attention.js';
import { CaptionLog, type LoggedCaption } from './caption-log.js';
import type { ImageSource } from './image-source.js';
import type { EvalModel, EvalSettings } from './settings.js';

/** What is captioned. */
export interface WantedImages {
  /** Names of images, as the references have them. */
  readonly images: readonly string[];
  /** Those of them whose gender evidence is gathered, too. */
  readonly withEvidence: ReadonlySet<string>;
}

/** What came of one model. */
export interface ModelRun {
  /** By image; images that failed are not among them. */
  readonly captions: ReadonlyMap<string, LoggedCaption>;
  readonly failures: readonly FailedImage[];
}

/**
 * Captions the wanted images with one model. Those that are in the log of an earlier run are not captioned again.
 *
 * @throws UsageError, ModelError, OutputError or the abort reason
 */
export async function runModel(
  { name, model }: EvalModel,
  settings: EvalSettings,
  images: ImageSource,
  wanted: WantedImages,
  output: Output,
  io: CommandIo,
): Promise<ModelRun> {
  const { source, load } = model;
  const described = { model: source ?? 'default', load, caption: settings.caption };
  const log = await CaptionLog.open(join(settings.out, 'captions'), name, described);
  const left = new Set(wanted.images.filter((image) => isLeft(image, log, wanted)));
  if (left.size === 0) return { captions: log.captions, failures: [] };
  const captioner = await openModel(model, io, output);
  const failures: FailedImage[] = [];
  const started = performance.now();
  const unseen = new Set(left);
  try {
    if (!settings.isQuiet) await output.startProgress(left.size, `images, ${name}`);
    await noteWithoutAttention(settings, name, captioner);
    const canGather = writesEnglish(captioner);
    for await (const { image, source: found } of images(left, io.signal)) {
      unseen.delete(image);
      try {
        const genderEvidence = canGather && wanted.withEvidence.has(image);
        const options = { ...settings.caption, ...(genderEvidence && { genderEvidence }), signal: io.signal };
        const { text, timing, genderEvidence: evidence } = await captioner.caption(found, options);
        const ms = Math.round(10 * timing.totalMs) / 10;
        await log.add({ image, caption: text, ms, ...(evidence && { genderEvidence: evidence }) });
      } catch (error) {
        io.signal.throwIfAborted();
        const usageError = asUsageError(error);
        if (usageError) throw usageError;
        const { message } = reportImageError(error, image);
        failures.push({ image, message });
        await output.printError(`captioneer: ${name}: ${message}\n`);
      }
      output.advanceProgress();
    }
  } finally {
    await captioner.dispose();
    output.stopProgress();
  }
  for (const image of unseen) failures.push({ image, message: `${image}: not found in ${settings.images}` });
  if (!settings.isQuiet) {
    const done = left.size - unseen.size;
    await output.printError(`captioneer: ${name}: ${timeTaken(done, performance.now() - started)}\n`);
  }
  return { captions: log.captions, failures };
}

/** Whether an image is to be captioned: if it is not in the log, or is there without the evidence that is wanted. */
function isLeft(image: string, { captions }: CaptionLog, { withEvidence }: WantedImages): boolean {
  const logged = captions.get(image);
  if (logged === undefined) return true;
  return withEvidence.has(image) && logged.genderEvidence === undefined;
}

/** The words for gender are English; other models are evaluated without evidence. */
function writesEnglish({ manifest }: CommandCaptioner): boolean {
  return manifest.languages.some((language) => /^en\b/i.test(language));
}

/** `300 images in 1 min 20 s, 0.27 s each`. */
function timeTaken(images: number, ms: number): string {
  const seconds = ms / 1000;
  const whole =
    seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
  const each = images > 0 ? `, ${(seconds / images).toFixed(2)} s each` : '';
  return `${count(images, 'image')} in ${whole}${each}`;
}
