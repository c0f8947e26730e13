import type { DtypeOption, ModelFiles, Platform, WarningListener } from '../core/index.js';
import { fetchGraphs, PROCESSOR_FILE, readJson, readTokenizer, TOKENIZER_FILE } from './checkpoint-files.js';
import { CONFIG_FILE } from './config-file.js';
import { fetchFiles } from './gather-files.js';
import type { Model } from './model.js';
import { openDecoder, openGraph } from './open-graph.js';
import { OpenSessions } from './open-sessions.js';
import { findGraphs } from '../layouts/public/graph-files.js';
import { publicLayoutOf } from '../layouts/public-layouts.js';
import type { LoadedGraph } from '../layouts/public/public-layout.js';

const GENERATION_FILE = 'generation_config.json';

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
  await fetchGraphs(files, Object.values(names).flat(), signal);
  const sessions = new OpenSessions(platform, signal);
  try {
    const graphs: Record<string, LoadedGraph> = {};
    const opener = { files, platform, sessions, signal };
    for (const [name, found] of Object.entries(names)) {
      const isDecoder = name === layout.graphs.at(-1);
      graphs[name] = isDecoder ? await openDecoder(opener, found, layout) : await openGraph(opener, found[0]);
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
