import type { CommandCaptioner, CommandClip, CommandIo, LoadCaptionerOptions } from './command-io.js';
import { asUsageError, reportError } from './error-report.js';
import type { Output } from './output.js';

/** The model or the runtime could not be loaded. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
}

/** Which model is loaded, and how. */
export interface ModelSettings {
  /** Folder, URL, package or hub id; undefined for the default model. */
  readonly source: string | undefined;
  /** What the library is given; it checks the values. */
  readonly load: LoadCaptionerOptions;
  /** Whether no download is shown. */
  readonly isQuiet: boolean;
}

/**
 * Loads a model, shows the progress of its download and prints its warnings.
 *
 * @throws ModelError; UsageError if an option of the command line is wrong; the abort reason
 */
export function openModel(
  settings: ModelSettings,
  io: Pick<CommandIo, 'signal' | 'loadCaptioner'>,
  output: Output,
): Promise<CommandCaptioner> {
  return open(settings, io.signal, output, (options) => io.loadCaptioner(settings.source, options));
}

/** The same of a CLIP. */
export function openClip(
  settings: ModelSettings,
  io: Pick<CommandIo, 'signal' | 'loadClip'>,
  output: Output,
): Promise<CommandClip> {
  return open(settings, io.signal, output, (options) => io.loadClip(String(settings.source), options));
}

async function open<T>(
  { load, isQuiet }: ModelSettings,
  signal: AbortSignal,
  output: Output,
  start: (options: LoadCaptionerOptions) => Promise<T>,
): Promise<T> {
  const progress = isQuiet ? undefined : await output.startDownloads();
  const onWarning = ({ message }: { readonly message: string }): void => {
    if (!isQuiet) void output.printError(`captioneer: ${message}\n`);
  };
  try {
    return await start({ ...load, signal, onWarning, ...(progress && { progress }) });
  } catch (cause) {
    signal.throwIfAborted();
    throw asUsageError(cause) ?? new ModelError(`the model cannot be loaded: ${reportError(cause).message}`, { cause });
  } finally {
    output.stopProgress();
  }
}
