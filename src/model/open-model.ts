import {
  InvalidArgumentError,
  modelFilesFromBuffers,
  type LoadProgress,
  type ModelBuffers,
  type ModelFiles,
  type Platform,
} from '../core/index.js';
import { checkOptionNames } from '../core/option-names.js';
import type { Dtype } from './checkpoint/dtype.js';
import { CONFIG_FILE, loadCheckpoint } from './checkpoint/load-checkpoint.js';
import { loadModel, MANIFEST_FILE, type LoadModelOptions } from './load-model.js';
import type { Model } from './model.js';

/**
 * Where a model comes from: a folder, a URL of a folder, the id of a model on the hub (`owner/name`), an installed package's
 * name, or its files in memory by name.
 */
export type ModelSource = string | URL | ModelBuffers;

/** How a model is found and loaded. */
export interface OpenModelOptions extends LoadModelOptions {
  /** Asks URLs; default the global `fetch`. */
  readonly fetch?: typeof fetch;
  /** Only for a model on the hub: branch, tag or commit. Default `main`. */
  readonly revision?: string;
  /** Only for a model in the public two-file layout: the kind of its weights. Default `fp32`. */
  readonly dtype?: Dtype;
  /** Hears of the bytes that arrive, file by file, where a model comes through the network. */
  readonly progress?: (progress: LoadProgress) => void;
  /** Is told what a person should know though nothing failed. */
  readonly onWarning?: (warning: { readonly code: string; readonly message: string }) => void;
}

/** The names of all options. */
export const OPEN_MODEL_OPTIONS: readonly string[] = [
  'session',
  'signal',
  'fetch',
  'revision',
  'dtype',
  'progress',
  'onWarning',
] satisfies (keyof OpenModelOptions)[];

/**
 * Finds a model and loads it, in the layout of this library (a folder with a `captioneer.json`) or in the public two-file
 * layout (`config.json`, `preprocessor_config.json`, `tokenizer.json` and two graphs in `onnx/`).
 *
 * @param source undefined for the platform's embedded default model
 * @throws InvalidArgumentError, ManifestError, ModelFileError, ModelMismatchError, FetchError, or the abort reason
 */
export async function openModel(
  platform: Platform,
  source?: ModelSource,
  options: OpenModelOptions = {},
): Promise<Model> {
  checkOptionNames(options, OPEN_MODEL_OPTIONS, 'load');
  options.signal?.throwIfAborted();
  const files = await locate(platform, source, options);
  const { dtype, signal } = options;
  const isCheckpoint = !(await files.has(MANIFEST_FILE, signal)) && (await files.has(CONFIG_FILE, signal));
  if (isCheckpoint) return loadCheckpoint(files, platform, options);
  if (dtype !== undefined) {
    throw new InvalidArgumentError('dtype', `${files.location} has its weights in one kind only. Leave out dtype.`);
  }
  return loadModel(files, platform, options);
}

async function locate(
  platform: Platform,
  source: ModelSource | undefined | null,
  options: OpenModelOptions,
): Promise<ModelFiles> {
  const { fetch, revision, progress, signal } = options;
  if (source === undefined || typeof source === 'string' || source instanceof URL) {
    return platform.openModel(source, {
      ...(fetch && { fetch }),
      ...(revision !== undefined && { revision }),
      ...(progress && { progress }),
      ...(signal && { signal }),
    });
  }
  if (revision !== undefined) {
    throw new InvalidArgumentError('revision', 'Files in memory have no revisions; only a model on the hub has.');
  }
  if (typeof source === 'object' && source !== null) return modelFilesFromBuffers(source);
  throw new InvalidArgumentError(
    'source',
    `A model comes from a folder, a URL or buffers by file name, not from ${typeof source}.`,
  );
}
