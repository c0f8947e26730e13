import type { CaptionOptions, CaptionResult } from '../index.js';
import type { CommandCaptioner, CommandIo } from './command-io.js';
import { asUsageError, reportPictureError } from './error-report.js';
import type { Inputs, NoPicture, Picture } from './expand-inputs.js';
import { jsonErrorLine, jsonLine, textLines } from './format-result.js';
import { openModel } from './open-model.js';
import type { Output } from './output.js';
import type { Settings } from './settings.js';

/**
 * Captions the pictures one after another, in their order, and prints each result as soon as it is there. An error of
 * one picture is printed and the rest go on. The model is loaded when the first picture needs it, and released.
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
    if (pictures.length > 1 && !settings.isQuiet) await output.startProgress(pictures.length);
    for (const picture of pictures) {
      signal.throwIfAborted();
      if ('source' in picture) captioner ??= await openModel(settings, io);
      const outcome = await captionPicture(picture, captioner, settings.caption, signal);
      if ('error' in outcome) failures += 1;
      await printOutcome(outcome, picture.label, isOne, settings.isJson, output);
      output.advanceProgress();
      if (output.isReaderGone) break;
    }
  } finally {
    await captioner?.dispose();
  }
  return failures;
}

type Outcome = { readonly result: CaptionResult } | { readonly error: unknown };

/** @throws UsageError, or the abort reason: what ends the whole run */
async function captionPicture(
  picture: Picture | NoPicture,
  captioner: CommandCaptioner | undefined,
  asked: CaptionOptions,
  signal: AbortSignal,
): Promise<Outcome> {
  if (!('source' in picture) || captioner === undefined) return picture as NoPicture;
  try {
    return { result: await captioner.caption(picture.source, captionOptions(asked, captioner, signal)) };
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
  isOne: boolean,
  isJson: boolean,
  output: Output,
): Promise<void> {
  if ('result' in outcome) {
    const { result } = outcome;
    await output.print(isJson ? jsonLine(result, label) : textLines(result, isOne ? undefined : label));
    return;
  }
  const report = reportPictureError(outcome.error, label);
  await output.printError(`captioneer: ${report.message}\n`);
  if (isJson) await output.print(jsonErrorLine(report, label));
}
