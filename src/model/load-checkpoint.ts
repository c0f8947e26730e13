import type {
  DtypeOption,
  ModelDescription,
  ModelFiles,
  Platform,
  Session,
  Tokenizer,
  WarningListener,
} from '../core/index.js';
import { parseJson, type FieldReader } from '../validate/index.js';
import { createTokenizer } from '../tokenizers/index.js';
import { fetchFiles } from './gather-files.js';
import type { Model } from './model.js';
import { baseName, OpenSessions } from './open-sessions.js';
import { MAX_TOKENIZER_BYTES, readJsonText } from './read-json.js';
import { findGraphs } from '../layouts/public/graph-files.js';
import { readGeneration } from '../layouts/public/generation.js';
import { readImageProcessor } from '../layouts/public/image-processor.js';
import {
  checkCheckpoint,
  HiddenStateEncoder,
  MergedDecoder,
  readCheckpointConfig,
} from '../layouts/vision-encoder-decoder/index.js';

/** The file by which a folder in the public two-file layout is known. */
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
 * Loads a checkpoint in the public two-file layout: an encoder and a merged decoder in ONNX, described by the JSON files of
 * the Hugging Face libraries. Configurations, graphs and tokenizer are compared with each other. If anything fails, what
 * had been loaded is released.
 *
 * @throws ManifestError, ModelFileError, ModelMismatchError, FetchError, InvalidArgumentError for an unknown dtype, or the
 *   abort reason
 */
export async function loadCheckpoint(
  files: ModelFiles,
  platform: Platform,
  { dtype = 'fp32', signal, onWarning }: LoadCheckpointOptions = {},
): Promise<Model> {
  const json = await readJson(files, CONFIG_FILE, signal);
  const config = readCheckpointConfig(json);
  const found = await findGraphs(files, ['encoder_model', 'decoder_model_merged'], dtype, json, signal);
  const graphs = { encoder: found.encoder_model, decoder: found.decoder_model_merged };
  if (files.fetch) await fetchCheckpoint(files, Object.values(graphs), signal);
  const image = readImageProcessor(await readJson(files, PROCESSOR_FILE, signal), config.encoder.type);
  const hasGeneration = await files.has(GENERATION_FILE, signal);
  const generation = hasGeneration ? await readJson(files, GENERATION_FILE, signal) : undefined;
  const { vocabularySize, maxPositions } = config.decoder;
  const description: ModelDescription = {
    name: files.location,
    family: `${config.encoder.type}-${config.decoder.type}`,
    image,
    ...readGeneration(generation, json, json.field('decoder'), config.decoder, onWarning),
    vocabularySize,
    maxPositions,
    languages: [],
    license: `see the model card of ${files.location}`,
    trainingData: [],
  };
  const tokenizer = await readTokenizer(files, vocabularySize, signal);
  const sessions = new OpenSessions(platform, signal);
  try {
    const encoder = await openGraph(files, graphs.encoder, sessions, signal);
    const decoder = await openGraph(files, graphs.decoder, sessions, signal);
    checkCheckpoint(config, image, graphs, { encoder, decoder });
    return {
      manifest: description,
      encoder: new HiddenStateEncoder(encoder),
      decoder: new MergedDecoder(decoder, config.decoder),
      tokenizer,
      device: decoder.device,
      release: () => sessions.release(),
    };
  } catch (error) {
    await sessions.release();
    throw error;
  }
}

/** Fetches all files at once, if they come through the network and are kept. */
async function fetchCheckpoint(
  files: ModelFiles,
  graphs: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const settings = [CONFIG_FILE, PROCESSOR_FILE, GENERATION_FILE, TOKENIZER_FILE];
  const names: string[] = [];
  for (const name of settings) if (await files.has(name, signal)) names.push(name);
  for (const graph of graphs) names.push(graph, ...(await weightFiles(files, graph, signal)));
  await fetchFiles(files, names, signal);
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
