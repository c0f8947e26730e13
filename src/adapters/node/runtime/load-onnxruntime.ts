import { RuntimeError } from '../../../core/index.js';

type OnnxRuntime = typeof import('onnxruntime-node');

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
