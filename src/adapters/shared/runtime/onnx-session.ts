import {
  CaptioneerError,
  DisposedError,
  ModelFileError,
  RuntimeError,
  type ExecutionDevice,
  type NamedTensors,
  type Session,
  type Tensor,
  type TensorInfo,
} from '../../../core/index.js';
import type { OnnxGraph, OnnxRuntime } from './onnx-runtime.js';
import { fromOnnxTensors, tensorInfos, toOnnxTensors } from './onnx-tensors.js';

/** Only fatal errors are logged; every other one is thrown anyway. */
export const LOG_FATAL = 4;

/** A session on ONNX Runtime, of whichever package. */
export class OnnxSession implements Session {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly device: ExecutionDevice | undefined;
  readonly #runtime: OnnxRuntime;
  readonly #graph: OnnxGraph;
  readonly #name: string;
  readonly #running = new Set<Promise<unknown>>();
  #released: Promise<void> | undefined;

  constructor(runtime: OnnxRuntime, graph: OnnxGraph, name: string, device?: ExecutionDevice) {
    this.device = device;
    this.#runtime = runtime;
    this.#graph = graph;
    this.#name = name;
    this.inputs = tensorInfos(graph.inputMetadata);
    this.outputs = tensorInfos(graph.outputMetadata);
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
      const wanted = outputs ?? this.#graph.outputNames;
      return fromOnnxTensors(await this.#graph.run(values, wanted, { logSeverityLevel: LOG_FATAL }), this.#name);
    } catch (cause) {
      if (CaptioneerError.isInstance(cause)) throw cause;
      throw new RuntimeError(`${this.#name}: the graph failed while it ran (${reason(cause)}).`, { cause });
    }
  }

  release(): Promise<void> {
    this.#released ??= Promise.all(this.#running).then(() => this.#graph.release());
    return this.#released;
  }
}

function noResult(): void {
  // Only the end counts.
}

/** The error for a file that the runtime does not read. */
export function unreadableGraph(name: string, cause: unknown): ModelFileError {
  return new ModelFileError(
    name,
    `${name}: onnxruntime cannot read this graph (${reason(cause)}). Copy or download the model again, or export it again.`,
    { cause },
  );
}

/** @throws ModelFileError for no bytes */
export function checkNotEmpty(graph: Uint8Array, name: string): void {
  if (graph.byteLength > 0) return;
  throw new ModelFileError(name, `${name} is empty (0 bytes). Copy or download the model again.`);
}

/** What the runtime says of a failure. */
export function reason(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).trim();
}
