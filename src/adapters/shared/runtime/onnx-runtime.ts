import type { InferenceSession, OnnxValue } from 'onnxruntime-common';

/** What this library uses of the API of ONNX Runtime, whichever package it comes from. */
export interface OnnxRuntime {
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => OnnxValue;
  readonly InferenceSession: {
    /** Loads a graph from its bytes or, in Node, from its path. */
    create(graph: Uint8Array | string, options: InferenceSession.SessionOptions): Promise<OnnxGraph>;
  };
}

/** What this library uses of a graph that is loaded into the runtime. */
export interface OnnxGraph extends Pick<
  InferenceSession,
  'inputMetadata' | 'outputMetadata' | 'outputNames' | 'release'
> {
  /**
   * Runs the graph.
   *
   * @param feeds a tensor for each input
   * @param outputs the names of the outputs that are wanted
   */
  run(
    feeds: InferenceSession.FeedsType,
    outputs: readonly string[],
    options: InferenceSession.RunOptions,
  ): Promise<InferenceSession.ReturnType>;
}

/**
 * Does what loads a session while the process-wide log level of onnxruntime-web is such that nothing is printed.
 *
 * The runtime reads that level once, when the first session of the process is made. A level that the application has set
 * itself is left alone.
 */
export async function quietly<T>(runtime: OnnxRuntime, load: () => Promise<T>): Promise<T> {
  const { env } = runtime as OnnxRuntime & { env: { logLevel?: string } };
  if (env.logLevel !== undefined && env.logLevel !== 'warning') return load();
  const before = env.logLevel;
  env.logLevel = 'error';
  try {
    return await load();
  } finally {
    if (before !== undefined) env.logLevel = before;
  }
}
