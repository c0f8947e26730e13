import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import type { InferenceSession } from 'onnxruntime-common';
import {
  InvalidArgumentError,
  RuntimeError,
  type Device,
  type GraphSource,
  type Session,
  type SessionOptions,
  type WarningListener,
} from '../../../core/index.js';
import { bytesAsSource } from '../../../onnx/index.js';
import { checkExternalFiles } from '../../shared/runtime/external-data.js';
import { checkNotEmpty, LOG_FATAL, OnnxSession, reason, unreadableGraph } from '../../shared/runtime/onnx-session.js';
import { withFile } from './graph-file.js';
import { loadRuntime } from './load-runtime.js';

/** More threads than this do not help a small model. */
const MOST_THREADS = 4;

/**
 * An idle thread spins this long, in microseconds, before it sleeps: about as long as the next
 * operator of a large model takes to come, and not longer, since on a busy machine it is the others' time.
 */
const LOOKOUT_US = 200;

/**
 * By default threads spin far longer, which makes the work of a small model two to eight times slower if other
 * processes want the cores. Where none does, waking a thread for every operator costs a quarter of a step.
 */
const PATIENCE = { intra_op: { allow_spinning: '1', spin_duration_us: String(LOOKOUT_US) } };

/** The runtime's setting for where weights are of a graph that is given as bytes. */
const WEIGHT_FOLDER = 'model_external_initializers_file_folder_path';

/**
 * Loads a graph into ONNX Runtime.
 *
 * @param graph an ONNX file, whose bytes may be overwritten afterwards, or its path
 * @param name the file's name, for messages
 * @param settings `numThreads`: default one for each processor core, at most 4, or one for a small graph
 * @throws ModelFileError if it is not a graph that the runtime reads; RuntimeError if no runtime can be loaded;
 *   InvalidArgumentError
 */
export async function createOnnxSession(
  graph: GraphSource,
  name: string,
  options: SessionOptions = {},
  { device = 'auto', numThreads, warn }: RuntimeSettings = {},
): Promise<Session> {
  const isPath = typeof graph === 'string';
  for (const option of ['externalData', 'weightsBeside'] as const) {
    if (!isPath || options[option] === undefined) continue;
    throw new InvalidArgumentError(option, `${option} goes with a graph given as bytes, not as a path.`);
  }
  if (isPath) {
    withFile(graph, (file) => checkExternalFiles(file, name, options.weightFiles ?? []));
  } else {
    checkNotEmpty(graph, name);
    const { externalData = {}, weightsBeside, weightFiles = [] } = options;
    const listed = weightsBeside === undefined ? Object.keys(externalData) : weightFiles;
    checkExternalFiles(bytesAsSource(graph), name, listed);
  }
  const runtime = loadRuntime(device, warn);
  const loaded = runtime.device === 'wasm' ? await withWeightsInMemory(options) : options;
  const settings = { ...sessionSettings(loaded, numThreads), executionProviders: runtime.providers };
  try {
    return new OnnxSession(runtime, await runtime.InferenceSession.create(graph, settings), name, runtime.device);
  } catch (cause) {
    throw device === 'auto' || device === 'cpu' || device === 'wasm'
      ? unreadableGraph(name, cause)
      : new RuntimeError(`${name}: device '${device}' cannot run this graph (${reason(cause)}). Use 'cpu'.`, { cause });
  }
}

/** WebAssembly has no folders. */
async function withWeightsInMemory(options: SessionOptions): Promise<SessionOptions> {
  const { weightsBeside, weightFiles = [], ...others } = options;
  if (weightsBeside === undefined) return options;
  const folder = dirname(weightsBeside);
  const read = weightFiles.map(async (name) => [name, await readFile(join(folder, name))] as const);
  return { ...others, externalData: Object.fromEntries(await Promise.all(read)) };
}

/** How a platform runs all its graphs. */
export interface RuntimeSettings {
  readonly device?: Device;
  readonly numThreads?: number | undefined;
  /** Is told if there is no native runtime and a slower one is used. */
  readonly warn?: WarningListener;
}

function sessionSettings(
  { isSmall, externalData = {}, weightsBeside }: SessionOptions,
  numThreads: number | undefined,
): InferenceSession.SessionOptions {
  // Left to itself the runtime takes one thread for each physical core, which Node cannot count.
  const threads =
    numThreads ?? (isSmall === true ? 1 : availableParallelism() > MOST_THREADS ? MOST_THREADS : undefined);
  return {
    graphOptimizationLevel: 'all',
    // With a pattern, the runtime takes one block for all that a run computes, beside what the first run took piece by piece.
    enableMemPattern: false,
    logSeverityLevel: LOG_FATAL,
    extra: {
      session: { ...PATIENCE, ...(weightsBeside !== undefined && { [WEIGHT_FOLDER]: dirname(weightsBeside) }) },
    },
    externalData: Object.entries(externalData).map(([path, data]) => ({ path, data })),
    ...(threads !== undefined && { intraOpNumThreads: threads }),
  };
}
