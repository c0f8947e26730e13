import type { ExecutionDevice } from './load-options.js';
import type { NamedTensors, Tensor } from './tensor.js';

/** What a graph says of one of its inputs or outputs. */
export interface TensorInfo {
  readonly name: string;
  /** Element type as ONNX Runtime names it: `float32`, `int64`, `bool`, … */
  readonly type: string;
  /** A number if the size is fixed, a name (possibly empty) if it may vary. */
  readonly dims: readonly (number | string)[];
}

/**
 * A graph loaded into an inference runtime: the port through which the library runs models.
 *
 * Contract:
 * - `run` may be called while another `run` is under way; the results are those of one call after another.
 * - Output tensors own their data, or share it with nobody who writes to it.
 * - `run` rejects with `RuntimeError` if the runtime fails, and with `DisposedError` after `release`.
 * - `release` may be called more than once.
 */
export interface Session {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** What runs it; undefined if that is not known. */
  readonly device?: ExecutionDevice | undefined;
  /**
   * Runs the graph once.
   * @param feeds one tensor for each of `inputs`
   * @param outputs names of the outputs wanted; default all
   */
  run(feeds: NamedTensors, outputs?: readonly string[]): Promise<Record<string, Tensor>>;
  /** Gives back the memory of the graph. */
  release(): Promise<void>;
}

/**
 * A graph as a platform loads it: the bytes of an ONNX file, or, on a platform whose `ModelFiles` have `locate`, the path
 * of one. A path spares a second copy of a large graph, and external data beside the file is found by itself.
 */
export type GraphSource = Uint8Array | string;

/** How a graph is loaded into the runtime. */
export interface SessionOptions {
  /** A run of the graph is too short to be shared out: if threads are a graph's own, the platform takes one. Default false. */
  readonly isSmall?: boolean;
  /** Only with a graph given as bytes: the files beside it that hold its weights, by the names under which it knows them. */
  readonly externalData?: Readonly<Record<string, Uint8Array>>;
  /**
   * Only with a graph given by its path, or with `weightsBeside`: names of the files in that folder that it may take its weights
   * from. Default none; a graph that takes weights from any other file is refused.
   */
  readonly weightFiles?: readonly string[];
  /**
   * Only with a graph given as bytes, on a platform whose `ModelFiles` have `locate`: the path of a file, as that gave it, in whose
   * folder the weights are.
   */
  readonly weightsBeside?: string;
}
