import {
  ModelMismatchError,
  type DtypeOption,
  type ModelFiles,
  type OpenModelOptions,
  type Platform,
  type RawImage,
  type Tokenizer,
} from '../core/index.js';
import { CLIP_GRAPH_SETS, ClipGraphs, readClipConfig } from '../layouts/clip/index.js';
import { findGraphs, hasGraphs, type GraphFiles } from '../layouts/public/graph-files.js';
import type { LoadedGraph } from '../layouts/public/public-layout.js';
import { toPixelValues } from '../preprocess/index.js';
import type { FieldReader } from '../validate/index.js';
import { fetchGraphs, PROCESSOR_FILE, readJson, readTokenizer, TOKENIZER_FILE } from './checkpoint-files.js';
import { CONFIG_FILE } from './config-file.js';
import { DownloadProgress } from './download-progress.js';
import { fetchFiles } from './gather-files.js';
import { locate, type ModelSource } from './open-model.js';
import { openGraph } from './open-graph.js';
import { OpenSessions } from './open-sessions.js';

/** A CLIP, loaded and checked. */
export interface LoadedClip {
  /** Where its files lie. */
  readonly location: string;
  /** Files of its graphs, relative to that. */
  readonly graphFiles: readonly string[];
  /** The ids of a text with start and end; what is too long is cut before the end. */
  tokenize(text: string): number[];
  embedText(text: string): Promise<Float32Array>;
  embedImage(image: RawImage): Promise<Float32Array>;
  /** Releases the graphs. */
  release(): Promise<void>;
}

/**
 * Finds and loads a CLIP in the public ONNX layout: `config.json`, `preprocessor_config.json`, `tokenizer.json`, and in `onnx/` a
 * graph for each tower (`text_model`, `vision_model`) or one for both (`model`). If anything fails, what had been loaded is released.
 *
 * @throws ManifestError, ModelFileError, ModelMismatchError, FetchError, InvalidArgumentError, or the abort reason
 */
export async function loadClip(
  platform: Platform,
  source: ModelSource,
  options: OpenModelOptions,
): Promise<LoadedClip> {
  const { dtype = 'fp32', signal } = options;
  signal?.throwIfAborted();
  platform.prepareRuntime?.();
  const progress = new DownloadProgress(options.progress);
  const files = await locate(platform, source, { ...options, ...(progress.report && { progress: progress.report }) });
  const json = await readJson(files, CONFIG_FILE, signal);
  const names = await findClipGraphs(files, dtype, json, signal);
  await fetchFiles(files, [PROCESSOR_FILE, TOKENIZER_FILE], signal);
  const config = readClipConfig(json, await readJson(files, PROCESSOR_FILE, signal));
  const tokenizer = await readTokenizer(files, config.vocabularySize, signal);
  const [start, end] = [specialToken(tokenizer, '<|startoftext|>'), specialToken(tokenizer, '<|endoftext|>')];
  await fetchGraphs(files, Object.values(names).flat(), signal);
  const sessions = new OpenSessions(platform, signal);
  try {
    const loaded: Record<string, LoadedGraph> = {};
    for (const [name, [file]] of Object.entries(names)) {
      loaded[name] = await openGraph({ files, sessions, signal }, file);
    }
    const graphs = new ClipGraphs(config, loaded);
    const tokenize = (text: string): number[] => [
      start,
      ...tokenizer.encode(text).slice(0, config.maxPositions - 2),
      end,
    ];
    return {
      location: files.location,
      graphFiles: Object.values(names).flat(),
      tokenize,
      embedText: (text) => graphs.embedText(tokenize(text)),
      embedImage: async (image) => graphs.embedImage(toPixelValues(image, config.image)),
      release: () => sessions.release(),
    };
  } catch (error) {
    await sessions.release();
    throw error;
  }
}

/** The first set of graphs that is there whole; if none is, the error for the first. */
async function findClipGraphs(
  files: ModelFiles,
  dtype: DtypeOption,
  config: FieldReader,
  signal: AbortSignal | undefined,
): Promise<Readonly<Record<string, GraphFiles>>> {
  for (const names of CLIP_GRAPH_SETS) {
    if (await hasGraphs(files, names, dtype, config, signal)) return findGraphs(files, names, dtype, config, signal);
  }
  return findGraphs(files, CLIP_GRAPH_SETS[0], dtype, config, signal);
}

function specialToken(tokenizer: Tokenizer, token: string): number {
  const [id, ...others] = tokenizer.encode(token);
  if (id !== undefined && others.length === 0 && tokenizer.token(id) === token) return id;
  throw new ModelMismatchError(TOKENIZER_FILE, `a token "${token}", as CLIP has`, 'none');
}
