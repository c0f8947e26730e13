import { availableParallelism } from 'node:os';
import type { InferenceSession } from 'onnxruntime-node';
import {
  CaptioneerError,
  DisposedError,
  InvalidArgumentError,
  ModelFileError,
  RuntimeError,
  type GraphSource,
  type NamedTensors,
  type Session,
  type SessionOptions,
  type Tensor,
  type TensorInfo,
} from '../../core/index.js';
import { loadOnnxRuntime, quietly, type OnnxRuntime } from './load-onnxruntime.js';
import { fromOnnxTensors, tensorInfos, toOnnxTensors } from './onnx-tensors.js';

/** Only fatal errors are logged; every other one is thrown anyway. */
const LOG_FATAL = 4;

/** More threads than this do not help a small model. */
const MOST_THREADS = 4;

/**
 * A thread that has nothing to do looks out for work this long, in microseconds, before it sleeps: about as long as the next
 * operator takes to come, and not longer, since on a busy machine it is the others' time.
 */
const LOOKOUT_US = 20;

/**
 * By default threads look out for a thousand times as long, which makes the work of a small model two to eight times slower
 * where other processes want the cores. Where none does, waking a thread for every operator costs a quarter of a step.
 */
const PATIENCE = { session: { intra_op: { allow_spinning: '1', spin_duration_us: String(LOOKOUT_US) } } };

/**
 * Loads a graph into onnxruntime-node, for the CPU.
 *
 * @param graph an ONNX file, whose bytes may be overwritten afterwards, or its path
 * @param name the file's name, for messages
 * @param options `numThreads`: default one for each processor core, at most 4
 * @throws ModelFileError where it is no graph that the runtime reads; RuntimeError where the runtime is not installed;
 *   InvalidArgumentError
 */
export async function createOnnxSession(
  graph: GraphSource,
  name: string,
  options: SessionOptions = {},
): Promise<Session> {
  const settings = sessionSettings(options);
  const isPath = typeof graph === 'string';
  if (isPath && options.externalData !== undefined) {
    throw new InvalidArgumentError('externalData', 'externalData goes with a graph given as bytes, not as a path.');
  }
  if (!isPath && graph.byteLength === 0) {
    throw new ModelFileError(name, `${name} is empty (0 bytes). Copy or download the model again.`);
  }
  const runtime = await loadOnnxRuntime();
  const { InferenceSession } = runtime;
  try {
    const create = () => (isPath ? InferenceSession.create(graph, settings) : InferenceSession.create(graph, settings));
    return new OnnxSession(runtime, await quietly(runtime, create), name);
  } catch (cause) {
    throw new ModelFileError(
      name,
      `${name}: onnxruntime cannot read this graph (${reason(cause)}). Copy or download the model again, or export it anew.`,
      { cause },
    );
  }
}

function sessionSettings({ numThreads, externalData = {} }: SessionOptions): InferenceSession.SessionOptions {
  if (numThreads !== undefined && !(Number.isInteger(numThreads) && numThreads >= 1)) {
    throw new InvalidArgumentError('numThreads', `numThreads must be a whole number of at least 1, not ${numThreads}.`);
  }
  // Left to itself the runtime takes one thread for each physical core, which Node cannot count.
  const threads = numThreads ?? (availableParallelism() > MOST_THREADS ? MOST_THREADS : undefined);
  return {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    logSeverityLevel: LOG_FATAL,
    extra: PATIENCE,
    externalData: Object.entries(externalData).map(([path, data]) => ({ path, data })),
    ...(threads !== undefined && { intraOpNumThreads: threads }),
  };
}

class OnnxSession implements Session {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly #runtime: OnnxRuntime;
  readonly #session: InferenceSession;
  readonly #name: string;
  readonly #running = new Set<Promise<unknown>>();
  #released: Promise<void> | undefined;

  constructor(runtime: OnnxRuntime, session: InferenceSession, name: string) {
    this.#runtime = runtime;
    this.#session = session;
    this.#name = name;
    this.inputs = tensorInfos(session.inputMetadata);
    this.outputs = tensorInfos(session.outputMetadata);
  }

  run(feeds: NamedTensors, outputs?: readonly string[]): Promise<Record<string, Tensor>> {
    if (this.#released) return Promise.reject(new DisposedError(this.#name));
    const running = this.#run(feeds, outputs);
    const done = running.then(noResult, noResult);
    this.#running.add(done);
    void done.then(() => this.#running.delete(done));
    return running;
  }

  async #run(feeds: NamedTensors, outputs: readonly string[] | undefined): Promise<Record<string, Tensor>> {
    try {
      const values = toOnnxTensors(feeds, this.#runtime.Tensor);
      const wanted = outputs ?? this.#session.outputNames;
      return fromOnnxTensors(await this.#session.run(values, wanted, { logSeverityLevel: LOG_FATAL }), this.#name);
    } catch (cause) {
      if (CaptioneerError.isInstance(cause)) throw cause;
      throw new RuntimeError(`${this.#name}: the graph failed while it ran (${reason(cause)}).`, { cause });
    }
  }

  release(): Promise<void> {
    this.#released ??= Promise.all(this.#running).then(() => this.#session.release());
    return this.#released;
  }
}

function noResult(): void {
  // Only the end counts.
}

function reason(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).trim();
}
