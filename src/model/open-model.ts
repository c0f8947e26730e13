import {
  DTYPES,
  InvalidArgumentError,
  modelFilesFromBuffers,
  warnOnce,
  type Dtype,
  type DtypeOption,
  type ModelBuffers,
  type ModelFiles,
  type OpenModelOptions,
  type Platform,
} from '../core/index.js';
import { checks, OptionReader, tagOf } from '../validate/index.js';
import { CONFIG_FILE } from './config-file.js';
import { DownloadProgress } from './download-progress.js';
import { EXPORTABLE_MODELS, exportCommand, knownModel, type ExportableModel } from './known-models.js';
import { loadModel, MANIFEST_FILE, type LoadModelOptions } from './load-model.js';
import type { Model } from './model.js';

/**
 * Where a model comes from: a folder, a URL of a folder, the id of a model on the hub (`owner/name`) or a name that stands for one
 * (`distilvit`, `vit-gpt2-coco`), an installed package's name, or its files in memory by name.
 */
export type ModelSource = string | URL | ModelBuffers;

/** The names of all options. */
export const OPEN_MODEL_OPTIONS = [
  'dtype',
  'revision',
  'fetch',
  'signal',
  'progress',
  'onWarning',
] as const satisfies readonly (keyof OpenModelOptions)[];

/**
 * Finds a model and loads it, in the layout of this library (a folder with a `captioneer.json`) or in the public two-file
 * layout (`config.json`, `preprocessor_config.json`, `tokenizer.json` and two graphs in `onnx/`).
 *
 * @param source undefined for the platform's default model
 * @throws InvalidArgumentError, ManifestError, ModelFileError, ModelMismatchError, FetchError, or the abort reason
 */
export async function openModel(platform: Platform, source?: ModelSource, options?: OpenModelOptions): Promise<Model> {
  if (typeof (platform as Partial<Platform> | undefined)?.findModelFiles !== 'function') {
    const message = 'openModel() takes a platform first, such as nodePlatform(), then the model.';
    throw new InvalidArgumentError('platform', `${message} Captioner.load() takes the model alone.`);
  }
  const given = new OptionReader(options, OPEN_MODEL_OPTIONS, { of: 'openModel()' });
  return openCheckedModel(platform, source, readOpenModelOptions(given));
}

/**
 * Checks the options.
 *
 * @throws InvalidArgumentError which names the option
 */
export function readOpenModelOptions(given: OptionReader<(typeof OPEN_MODEL_OPTIONS)[number]>): OpenModelOptions {
  const options = {
    dtype: given.read('dtype', DTYPE),
    revision: given.read('revision', checks.someText),
    fetch: given.function<typeof fetch>('fetch'),
    signal: given.signal('signal'),
    progress: given.function<OpenModelOptions['progress']>('progress'),
    onWarning: warnOnce(given.function('onWarning')),
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

const ONE_DTYPE = checks.oneOf([...DTYPES, 'auto']);

const DTYPE: checks.Check<DtypeOption> = {
  expected: `${ONE_DTYPE.expected}, or an object with one for each graph`,
  choices: [...DTYPES, 'auto'],
  accepts: (value): value is DtypeOption =>
    ONE_DTYPE.accepts(value) ||
    (checks.plainObject.accepts(value) && Object.values(value).every((dtype) => DTYPES.includes(dtype as Dtype))),
};

/**
 * {@link openModel}, with options that have been checked.
 *
 * @param meanwhile as of `loadModel`; not called for the public layouts
 */
export async function openCheckedModel(
  platform: Platform,
  source: ModelSource | undefined,
  options: OpenModelOptions,
  meanwhile?: LoadModelOptions['meanwhile'],
): Promise<Model> {
  const known = knownModel(source);
  if (known) {
    const { id, revision, dtype } = known;
    return openCheckedModel(platform, id, { revision, dtype, ...options }, meanwhile);
  }
  checkIsExported(source);
  const { dtype, signal } = options;
  signal?.throwIfAborted();
  const progress = new DownloadProgress(options.progress);
  const files = await locate(platform, source, { ...options, ...(progress.report && { progress: progress.report }) });
  const hasManifest = await files.has(MANIFEST_FILE, signal);
  const isCheckpoint = !hasManifest && (await files.has(CONFIG_FILE, signal));
  if (hasManifest || isCheckpoint) platform.prepareRuntime?.();
  if (isCheckpoint) {
    // By itself: pages with a model of this library's own layout do not pay for the others.
    const { loadCheckpoint } = await import('./load-checkpoint.js');
    return loadCheckpoint(files, platform, options);
  }
  if (dtype !== undefined && dtype !== 'auto') {
    throw new InvalidArgumentError('dtype', `${files.location} has its weights in one kind only. Leave out dtype.`);
  }
  return loadModel(files, platform, { progress, signal, meanwhile });
}

/** @throws InvalidArgumentError for the name of a checkpoint that has to be exported first */
function checkIsExported(source: unknown): void {
  if (typeof source !== 'string' || !Object.hasOwn(EXPORTABLE_MODELS, source)) return;
  const { kind, id } = EXPORTABLE_MODELS[source] as ExportableModel;
  const command = exportCommand(kind, id, source);
  const message = `${source} (${id}) has weights for PyTorch only. Export it once, in a clone of captioneer: ${command}; then load the folder, './${source}'.`;
  throw new InvalidArgumentError('source', message);
}

/** The files of a model, wherever they lie. */
export async function locate(
  platform: Platform,
  source: ModelSource | undefined | null,
  options: OpenModelOptions,
): Promise<ModelFiles> {
  const { fetch, revision, progress, signal } = options;
  if (source === undefined || typeof source === 'string' || tagOf(source) === 'URL') {
    return platform.findModelFiles(source as string | URL | undefined, {
      ...(fetch && { fetch }),
      ...(revision !== undefined && { revision }),
      ...(progress && { progress }),
      ...(signal && { signal }),
    });
  }
  if (revision !== undefined) {
    throw new InvalidArgumentError('revision', 'Files in memory have no revisions; only a model on the hub has.');
  }
  if (checks.plainObject.accepts(source)) {
    checkIsNoOptions(source);
    return modelFilesFromBuffers(source);
  }
  throw checks.invalid('source', 'The model', { expected: 'a folder, a URL, a name, or buffers by file name' }, source);
}

/** Options that are given in the place of the model. */
function checkIsNoOptions(source: object): void {
  const names = Object.keys(source);
  const isOptions = names.some((name) => LOAD_OPTION_NAMES.has(name));
  if (!isOptions) return;
  throw new InvalidArgumentError(
    'source',
    `The first argument is the model, and the options come second: use undefined for the default model, as in load(undefined, { ${String(names[0])}: … }).`,
  );
}

/** Names that options have and files of a model have not. */
const LOAD_OPTION_NAMES: ReadonlySet<string> = new Set([
  ...OPEN_MODEL_OPTIONS,
  'device',
  'numThreads',
  'hub',
  'limits',
  'runtime',
]);
