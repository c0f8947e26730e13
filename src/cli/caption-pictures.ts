import type { CaptionOptions, CaptionResult } from '../index.js';
import type { CommandCaptioner, CommandIo } from './command-io.js';
import { asUsageError, reportPictureError } from './error-report.js';
import type { Inputs, NoPicture, Picture } from './expand-inputs.js';
import { jsonErrorLine, jsonLine, labelStart, textLines } from './format-result.js';
import { withoutBreaks } from './one-line.js';
import { openModel } from './open-model.js';
import type { Output } from './output.js';
import type { Settings } from './settings.js';

/**
 * Captions the pictures one after another, in their order, and prints each result as soon as it is there. An error of
 * one picture is printed and the rest go on. The model is loaded where a picture needs it, and released.
 *
 * @returns how many pictures have no caption
 * @throws UsageError for an option that the model cannot honour; ModelError; OutputError; the abort reason
 */
export async function captionPictures(
  { pictures, isOne }: Inputs,
  settings: Settings,
  output: Output,
  io: Pick<CommandIo, 'signal' | 'loadCaptioner'>,
): Promise<number> {
  const { signal } = io;
  let captioner: CommandCaptioner | undefined;
  let failures = 0;
  try {
    if (pictures.some((picture) => 'source' in picture)) captioner = await openModel(settings, io, output);
    if (pictures.length > 1 && !settings.isQuiet && !settings.isStreamed) await output.startProgress(pictures.length);
    for (const picture of pictures) {
      signal.throwIfAborted();
      const start = isOne ? '' : labelStart(picture.label);
      const outcome = await captionPicture(picture, captioner, settings, signal, (pieces) =>
        printPieces(pieces, start, output),
      );
      if ('error' in outcome) failures += 1;
      await printOutcome(outcome, picture.label, start, settings.isJson, output);
      output.advanceProgress();
      if (output.isReaderGone) break;
    }
  } finally {
    await captioner?.dispose();
  }
  return failures;
}

type Outcome = { readonly result: CaptionResult } | { readonly error: unknown } | { readonly isPrinted: true };

/** @throws UsageError, or the abort reason: what ends the whole run */
async function captionPicture(
  picture: Picture | NoPicture,
  captioner: CommandCaptioner | undefined,
  settings: Settings,
  signal: AbortSignal,
  print: (pieces: AsyncIterable<string>) => Promise<void>,
): Promise<Outcome> {
  if (!('source' in picture) || captioner === undefined) return picture as NoPicture;
  try {
    const options = captionOptions(settings.caption, captioner, signal);
    if (!settings.isStreamed) return { result: await captioner.caption(picture.source, options) };
    await print(captioner.stream(picture.source, options));
    return { isPrinted: true };
  } catch (error) {
    signal.throwIfAborted();
    const usageError = asUsageError(error);
    if (usageError) throw usageError;
    return { error };
  }
}

/** Where only the number of captions was asked for, the search gets as many beams as they need. */
function captionOptions(asked: CaptionOptions, { manifest }: CommandCaptioner, signal: AbortSignal): CaptionOptions {
  const { strategy = 'beam', numBeams, numCaptions = 1 } = asked;
  const isRaised = strategy === 'beam' && numBeams === undefined && numCaptions > manifest.generation.numBeams;
  return { ...asked, ...(isRaised && { numBeams: numCaptions }), signal } as CaptionOptions;
}

async function printOutcome(
  outcome: Outcome,
  label: string,
  start: string,
  isJson: boolean,
  output: Output,
): Promise<void> {
  if ('isPrinted' in outcome) return;
  if ('result' in outcome) {
    const { result } = outcome;
    await output.print(isJson ? jsonLine(result, label) : textLines(result, start));
    return;
  }
  const report = reportPictureError(outcome.error, label);
  await output.printError(`captioneer: ${report.message}\n`);
  if (isJson) await output.print(jsonErrorLine(report, label));
}

/** Prints a caption while it comes into being; what has begun ends its line, whatever happens. */
async function printPieces(pieces: AsyncIterable<string>, start: string, output: Output): Promise<void> {
  let isBegun = false;
  try {
    for await (const piece of pieces) {
      await output.print((isBegun ? '' : start) + withoutBreaks(piece));
      isBegun = true;
      if (output.isReaderGone) return;
    }
  } finally {
    if (isBegun) await output.print('\n');
  }
}
