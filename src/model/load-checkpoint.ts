import type { DtypeOption, ModelFiles, Platform, Session, Tokenizer, WarningListener } from '../core/index.js';
import { parseJson, type FieldReader } from '../validate/index.js';
import { createTokenizer } from '../tokenizers/index.js';
import { fetchFiles } from './gather-files.js';
import type { Model } from './model.js';
import { baseName, OpenSessions } from './open-sessions.js';
import { MAX_TOKENIZER_BYTES, readJsonText } from './read-json.js';
import { findGraphs } from '../layouts/public/graph-files.js';
import { publicLayoutOf } from '../layouts/public-layouts.js';
import type { LoadedGraph } from '../layouts/public/public-layout.js';

/** The file by which a folder in a public layout is known. */
export const CONFIG_FILE = 'config.json';

const PROCESSOR_FILE = 'preprocessor_config.json';
const GENERATION_FILE = 'generation_config.json';
const TOKENIZER_FILE = 'tokenizer.json';

/** How a checkpoint is loaded. */
export interface LoadCheckpointOptions {
  /** Which graphs. Default `fp32` for each. */
  readonly dtype?: DtypeOption;
  readonly signal?: AbortSignal;
  /** Hears of settings of the checkpoint that have no effect here. */
  readonly onWarning?: WarningListener;
}

/**
 * Loads a checkpoint in one of the public layouts: graphs in ONNX, described by the JSON files of the Hugging Face libraries.
 * Configurations, graphs and tokenizer are compared with each other; the small files come first, so that what they say is known before
 * graphs are fetched. If anything fails, what had been loaded is released.
 *
 * @throws ManifestError, ModelFileError, ModelMismatchError, FetchError, InvalidArgumentError for an unknown dtype, or the
 *   abort reason
 */
export async function loadCheckpoint(
  files: ModelFiles,
  platform: Platform,
  { dtype = 'fp32', signal, onWarning }: LoadCheckpointOptions = {},
): Promise<Model> {
  const config = await readJson(files, CONFIG_FILE, signal);
  const layout = publicLayoutOf(config);
  const names = await findGraphs(files, layout.graphs, dtype, config, signal);
  const hasGeneration = await files.has(GENERATION_FILE, signal);
  await fetchFiles(files, [PROCESSOR_FILE, ...(hasGeneration ? [GENERATION_FILE] : []), TOKENIZER_FILE], signal);
  const checkpoint = layout.read({
    config,
    processor: await readJson(files, PROCESSOR_FILE, signal),
    generation: hasGeneration ? await readJson(files, GENERATION_FILE, signal) : undefined,
    onWarning,
  });
  const tokenizer = await readTokenizer(files, checkpoint.description.vocabularySize, signal);
  if (files.fetch) await fetchFiles(files, await withWeights(files, Object.values(names), signal), signal);
  const sessions = new OpenSessions(platform, signal);
  try {
    const graphs: Record<string, LoadedGraph> = {};
    for (const [name, file] of Object.entries(names)) {
      graphs[name] = { file, session: await openGraph(files, file, sessions, signal) };
    }
    return {
      manifest: {
        name: files.location,
        ...checkpoint.description,
        languages: [],
        license: `see the model card of ${files.location}`,
        trainingData: [],
      },
      ...checkpoint.assemble(graphs, tokenizer),
      tokenizer,
      device: graphs[layout.graphs.at(-1) as string]?.session.device,
      release: () => sessions.release(),
    };
  } catch (error) {
    await sessions.release();
    throw error;
  }
}

/** The files of graphs and of their weights. */
async function withWeights(
  files: ModelFiles,
  graphs: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const names: string[] = [];
  for (const graph of graphs) names.push(graph, ...(await weightFiles(files, graph, signal)));
  return names;
}

async function readJson(files: ModelFiles, name: string, signal?: AbortSignal): Promise<FieldReader> {
  return parseJson(await readJsonText(files, name, signal), `${files.location}/${name}`);
}

/** Loads a graph, and the files beside it that hold its weights if it is too large for one file. */
async function openGraph(
  files: ModelFiles,
  name: string,
  sessions: OpenSessions,
  signal: AbortSignal | undefined,
): Promise<Session> {
  const weights = await weightFiles(files, name, signal);
  if (files.locate) {
    for (const file of weights) await files.locate(file, signal);
    return sessions.open(await files.locate(name, signal), name, { weightFiles: weights.map(baseName) });
  }
  const graph = await files.read(name, signal);
  const externalData: Record<string, Uint8Array> = {};
  for (const file of weights) externalData[baseName(file)] = await files.read(file, signal);
  return sessions.open(graph, name, weights.length === 0 ? {} : { externalData });
}

/** `<graph>_data`, and `<graph>_data_1` and so on if there are more. */
async function weightFiles(files: ModelFiles, graph: string, signal?: AbortSignal): Promise<string[]> {
  const found: string[] = [];
  for (let name = `${graph}_data`; await files.has(name, signal); name = `${graph}_data_${found.length}`) {
    found.push(name);
  }
  return found;
}

async function readTokenizer(files: ModelFiles, vocabularySize: number, signal?: AbortSignal): Promise<Tokenizer> {
  const json = await readJsonText(files, TOKENIZER_FILE, signal, MAX_TOKENIZER_BYTES);
  return createTokenizer({ tokenizer: { type: 'byte-level-bpe', file: TOKENIZER_FILE }, vocabularySize }, json);
}
