import type { InferenceSession, InferenceSessionFactory, TensorConstructor } from 'onnxruntime-common';

/** What this library uses of the API that the packages onnxruntime-node and onnxruntime-web share. */
export interface OnnxRuntime {
  readonly Tensor: TensorConstructor;
  readonly InferenceSession: InferenceSessionFactory;
  readonly env: { logLevel?: string };
}

/** What this library uses of a graph that is loaded into the runtime. */
export interface OnnxGraph extends Pick<
  InferenceSession,
  'inputMetadata' | 'outputMetadata' | 'outputNames' | 'release'
> {
  run(
    feeds: InferenceSession.FeedsType,
    outputs: readonly string[],
    options: InferenceSession.RunOptions,
  ): Promise<InferenceSession.ReturnType>;
}

/**
 * Does what loads a session while the runtime's process-wide log level is such that nothing is printed.
 *
 * The runtime reads that level once, when the first session of the process is made; on some machines it then prints a
 * warning about missing graphics cards. A level that the application has set itself is left alone.
 */
export async function quietly<T>({ env }: OnnxRuntime, load: () => Promise<T>): Promise<T> {
  if (env.logLevel !== undefined && env.logLevel !== 'warning') return load();
  const before = env.logLevel;
  env.logLevel = 'error';
  try {
    return await load();
  } finally {
    if (before !== undefined) env.logLevel = before;
  }
}
