import type { CaptionResult } from '../../index.js';
import type { AttentionFolder } from '../attention/attention-folder.js';
import type { ExistingDescription } from '../../metadata/index.js';
import type { CommandCaptioner, CommandIo } from '../console/command-io.js';
import { asUsageError, reportImageError } from '../console/error-report.js';
import { EXIT_CODE } from '../console/exit-code.js';
import { withoutBreaks } from '../console/one-line.js';
import { openModel } from '../console/open-model.js';
import { type Output, OutputError } from '../console/output.js';
import { expandInputs, type InputImage, type NoImage } from './expand-inputs.js';
import { isUnsure, labelStart, MARK, NOTHING } from './format-result.js';
import { errorLinesOf, headOf, linesOf, needsCheck } from './formats.js';
import { OutputFile } from './output-file.js';
import type { Settings } from './settings.js';

/**
 * Captions images one after another, in their order, and prints each result as soon as it is there. If an image fails, its
 * error is printed and the others go on. The model is loaded if an image needs it, and released.
 *
 * @returns the exit code
 * @throws UsageError for an option that the model cannot honour; ModelError; OutputError; the abort reason
 */
export async function captionImages(settings: Settings, output: Output, io: CommandIo): Promise<number> {
  const { images: given, isOne } = await expandInputs(settings, io);
  const { file, isResumed } = settings.output;
  const target = file === undefined ? undefined : await OutputFile.open(file, settings.output, isResumed);
  try {
    const images = given.filter(({ label }) => !target?.done.has(label));
    const write = (text: string): Promise<void> => (target ? target.write(text) : output.print(text));
    if (!target && headOf(settings.output) !== '') await write(headOf(settings.output));
    return await captionEach(images, isOne, write, settings, output, io);
  } finally {
    await target?.close();
  }
}

type Write = (text: string) => Promise<void>;

/** What captioning each image of a run needs. */
interface Run {
  readonly captioner: CommandCaptioner | undefined;
  readonly attention: AttentionFolder | undefined;
  readonly settings: Settings;
  /** Whether it was one image that was asked for by its name. */
  readonly isOne: boolean;
  readonly write: Write;
  readonly output: Output;
  readonly signal: AbortSignal;
}

async function captionEach(
  images: readonly (InputImage | NoImage)[],
  isOne: boolean,
  write: Write,
  settings: Settings,
  output: Output,
  io: CommandIo,
): Promise<number> {
  const isAnyReadable = images.some((image) => 'source' in image);
  const captioner = isAnyReadable ? await openModel(settings.model, io, output) : undefined;
  const counts: Record<Outcome, number> = { captioned: 0, unsure: 0, described: 0, failed: 0 };
  try {
    const attention = captioner && (await attentionFolder(settings, captioner));
    const run: Run = { captioner, attention, settings, isOne, write, output, signal: io.signal };
    if (images.length > 1 && !settings.isQuiet && !settings.isStreamed) {
      await output.startProgress(images.length, 'images');
    }
    for (const image of images) {
      io.signal.throwIfAborted();
      counts[await captionImage(image, run)] += 1;
      output.advanceProgress();
      if (output.isReaderGone) break;
    }
  } finally {
    await captioner?.dispose();
    output.stopProgress();
  }
  if (counts.unsure > 0 && !settings.isQuiet && settings.output.format !== 'json' && !output.isReaderGone) {
    await output.printError(unsureLine(counts.unsure, images.length));
  }
  if (counts.described > 0 && !settings.isQuiet)
    await output.printError(describedLine(counts.described, images.length));
  return counts.failed === 0 ? EXIT_CODE.ok : EXIT_CODE.failed;
}

/** What draws is loaded by runs that need it. @throws UsageError if the model does not tell its attention */
async function attentionFolder(
  { attention }: Settings,
  captioner: CommandCaptioner,
): Promise<AttentionFolder | undefined> {
  if (attention === undefined) return undefined;
  const { AttentionFolder } = await import('../attention/attention-folder.js');
  return new AttentionFolder(attention, captioner);
}

/** For those who send a list of names to standard input. */
const NAMES_HINT = ' If these are names of images, use --files-from -.';

type Outcome = 'captioned' | 'unsure' | 'described' | 'failed';

/** @throws UsageError, OutputError or the abort reason: what ends the whole run */
async function captionImage(image: InputImage | NoImage, run: Run): Promise<Outcome> {
  const { captioner, settings, write, output, signal } = run;
  const { label } = image;
  const start = run.isOne ? '' : labelStart(label);
  try {
    if (!('source' in image) || captioner === undefined) throw (image as NoImage).error;
    if (settings.isStreamed) {
      const stream = captioner.stream(image.source, { ...settings.caption, signal });
      return await printStream(stream, start, settings.output.minConfidence, output);
    }
    const captioned = await captionOf(image, captioner, run);
    if (captioned === undefined) return 'described';
    const { result, existing } = captioned;
    await write(linesOf(result, label, start, settings.output, existing && { existing }));
    return needsCheck(result, settings.output) ? 'unsure' : 'captioned';
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof OutputError) throw error;
    const usageError = asUsageError(error);
    if (usageError) throw usageError;
    const report = reportImageError(error, label);
    const hint = label === '-' && report.message.includes('this is text') ? NAMES_HINT : '';
    await output.printError(`captioneer: ${report.message}${hint}\n`);
    const lines = errorLinesOf(report, label, settings.output);
    if (lines !== '') await write(lines);
    return 'failed';
  }
}

/** @returns undefined for an image that is left alone, since it has a description */
async function captionOf(image: InputImage, captioner: CommandCaptioner, run: Run): Promise<Captioned | undefined> {
  const { settings, attention, signal } = run;
  const options = { ...settings.caption, signal };
  const isRead = settings.isOnlyMissing || settings.output.format === 'json';
  // What reads descriptions is loaded by runs that need it.
  const read = isRead ? await (await import('./read-input.js')).readInput(image, options) : undefined;
  const existing = read?.existing;
  if (settings.isOnlyMissing && existing) return undefined;
  const source = read?.source ?? image.source;
  if (settings.isTextRead) return { result: await captioner.readText(source, options), existing };
  if (attention === undefined) return { result: await captioner.caption(source, options), existing };
  // The image is drawn, too: its pixels are decoded once for both.
  const pixels = await attention.decode(source, options);
  const result = await captioner.caption(pixels, { ...options, attention: true });
  await attention.write(image.label, pixels, result);
  return { result, existing };
}

interface Captioned {
  readonly result: CaptionResult;
  readonly existing: ExistingDescription | undefined;
}

/**
 * Prints a caption word by word. Whether the model is sure of it is known at its end only, so the mark stands there. A line
 * that has begun is ended, whatever happens.
 */
async function printStream(
  stream: ReturnType<CommandCaptioner['stream']>,
  start: string,
  minConfidence: number | undefined,
  output: Output,
): Promise<Outcome> {
  let isBegun = false;
  try {
    for await (const piece of stream) {
      await output.print((isBegun ? '' : start) + withoutBreaks(piece));
      isBegun = true;
      if (output.isReaderGone) return 'captioned';
    }
    const result = await stream.result;
    if (!isUnsure(result, minConfidence)) return 'captioned';
    await output.print(result.assessment === 'nothing-to-describe' ? ` (${MARK} ${NOTHING})` : ` (${MARK})`);
    return 'unsure';
  } finally {
    if (isBegun) await output.print('\n');
  }
}

function unsureLine(count: number, total: number): string {
  const which = total === 1 ? 'the caption is' : `${count} of ${total} captions ${count === 1 ? 'is' : 'are'}`;
  return `captioneer: ${which} marked "${MARK}": the model is not sure. Check before use.\n`;
}

function describedLine(count: number, total: number): string {
  const which = total === 1 ? 'the image has' : `${count} of ${total} images ${count === 1 ? 'has' : 'have'}`;
  return `captioneer: ${which} a description already, and ${count === 1 ? 'was' : 'were'} left out.\n`;
}
