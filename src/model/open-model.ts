import {
  InvalidArgumentError,
  modelFilesFromBuffers,
  type ModelBuffers,
  type ModelFiles,
  type Platform,
} from '../core/index.js';
import { loadModel, type LoadModelOptions, type Model } from './load-model.js';

/** Where a model comes from: a folder, a URL of a folder, or its files in memory by name. */
export type ModelSource = string | URL | ModelBuffers;

/** How a model is found and loaded. */
export interface OpenModelOptions extends LoadModelOptions {
  /** Asks URLs; default the global `fetch`. */
  readonly fetch?: typeof fetch;
}

const KNOWN: readonly string[] = ['session', 'signal', 'fetch'] satisfies (keyof OpenModelOptions)[];

/**
 * Finds a model and loads it.
 *
 * @param source undefined for the platform's embedded default model
 * @throws InvalidArgumentError, ManifestError, ModelFileError, ModelMismatchError, FetchError, or the abort reason
 */
export async function openModel(
  platform: Platform,
  source?: ModelSource,
  options: OpenModelOptions = {},
): Promise<Model> {
  const unknown = Object.keys(options).find((key) => !KNOWN.includes(key));
  if (unknown !== undefined) {
    throw new InvalidArgumentError(unknown, `Unknown option "${unknown}" of load. Known are ${KNOWN.join(', ')}.`);
  }
  options.signal?.throwIfAborted();
  return loadModel(await locate(platform, source, options), platform, options);
}

async function locate(
  platform: Platform,
  source: ModelSource | undefined | null,
  options: OpenModelOptions,
): Promise<ModelFiles> {
  if (source === undefined || typeof source === 'string' || source instanceof URL) {
    return platform.openModel(source, options.fetch === undefined ? {} : { fetch: options.fetch });
  }
  if (typeof source === 'object' && source !== null) return modelFilesFromBuffers(source);
  throw new InvalidArgumentError(
    'source',
    `A model comes from a folder, a URL or buffers by file name, not from ${typeof source}.`,
  );
}
