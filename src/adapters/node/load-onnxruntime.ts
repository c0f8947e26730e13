import { RuntimeError } from '../../core/index.js';

/** The module `onnxruntime-node`. */
export type OnnxRuntime = typeof import('onnxruntime-node');

/**
 * Loads the inference runtime, on first use only, so that importing the library stays quick.
 *
 * @throws RuntimeError which says what it is made for
 */
export async function loadOnnxRuntime(): Promise<OnnxRuntime> {
  try {
    const module = await import('onnxruntime-node');
    // It is CommonJS; not every loader finds its names.
    return 'InferenceSession' in module ? module : (module as { default: OnnxRuntime }).default;
  } catch (cause) {
    throw new RuntimeError(
      `The inference runtime that comes with captioneer cannot be loaded on ${process.platform} ${process.arch}. ` +
        'It is made for Linux (glibc) and Windows on x64 and arm64, and for macOS on arm64; there, install captioneer again.',
      { cause },
    );
  }
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
