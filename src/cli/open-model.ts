import type { CommandCaptioner, CommandIo } from './command-io.js';
import { asUsageError, reportError } from './error-report.js';
import type { Settings } from './settings.js';

/** The model or the runtime could not be loaded. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
}

/**
 * Loads the model that the command line names, or the embedded one.
 *
 * @throws ModelError; UsageError where an option of the command line is at fault; the abort reason
 */
export async function openModel(
  { model, numThreads }: Pick<Settings, 'model' | 'numThreads'>,
  { signal, loadCaptioner }: Pick<CommandIo, 'signal' | 'loadCaptioner'>,
): Promise<CommandCaptioner> {
  try {
    return await loadCaptioner(model, { signal, ...(numThreads !== undefined && { session: { numThreads } }) });
  } catch (cause) {
    signal.throwIfAborted();
    throw asUsageError(cause) ?? new ModelError(`the model cannot be loaded: ${reportError(cause).message}`, { cause });
  }
}
