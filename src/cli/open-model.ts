import type { Dtype } from '../index.js';
import type { CommandCaptioner, CommandIo } from './command-io.js';
import { asUsageError, reportError } from './error-report.js';
import type { Output } from './output.js';
import type { Settings } from './settings.js';

/** The model or the runtime could not be loaded. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
}

/**
 * Loads the model that the command line names, or the embedded one, and shows how far its download is.
 *
 * @throws ModelError; UsageError where an option of the command line is at fault; the abort reason
 */
export async function openModel(
  settings: Pick<Settings, 'model' | 'revision' | 'dtype' | 'numThreads' | 'isQuiet'>,
  { signal, loadCaptioner }: Pick<CommandIo, 'signal' | 'loadCaptioner'>,
  output: Output,
): Promise<CommandCaptioner> {
  const { model, revision, dtype, numThreads } = settings;
  const progress = settings.isQuiet ? undefined : await output.startDownloads();
  try {
    return await loadCaptioner(model, {
      signal,
      ...(revision !== undefined && { revision }),
      ...(dtype !== undefined && { dtype: dtype as Dtype }),
      ...(numThreads !== undefined && { session: { numThreads } }),
      ...(progress && { progress }),
    });
  } catch (cause) {
    signal.throwIfAborted();
    throw asUsageError(cause) ?? new ModelError(`the model cannot be loaded: ${reportError(cause).message}`, { cause });
  } finally {
    output.stopProgress();
  }
}
