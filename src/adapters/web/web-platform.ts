import type { Platform } from '../../core/index.js';
import { checkOptionNames } from '../../core/option-names.js';
import { resolveDecodeOptions } from '../shared/images/decode-options.js';
import { imageLimits, modelLimits, resolveLimits, type PlatformLimits } from '../shared/platform-limits.js';
import { DecodeQueue } from '../shared/images/decode-queue.js';
import { decodeImage } from './images/decode-image.js';
import { fingerprint } from './models/fingerprint.js';
import { resolveHubOptions, type HubOptions } from './models/hub/hub-options.js';
import type { WebImageSource } from './images/image-source.js';
import { openModelFiles } from './models/model-files.js';
import { createOnnxSession } from './runtime/onnx-session.js';
import { onnxRuntimeLoader, type OnnxRuntimeOptions } from './runtime/onnxruntime.js';

/** Limits of the web adapter, which hub it asks, and how it loads the inference runtime. */
export interface WebPlatformOptions extends PlatformLimits, HubOptions, OnnxRuntimeOptions {}

/** The names of all options. */
export const WEB_PLATFORM_OPTIONS: readonly string[] = [
  'maxImageBytes',
  'maxImageSide',
  'imageTimeoutMs',
  'maxConcurrentDecodes',
  'maxModelFileBytes',
  'modelTimeoutMs',
  'hubRetryWaitsMs',
  'hubUrl',
  'hubToken',
  'onnxruntime',
  'wasmUrl',
  'numThreads',
] satisfies (keyof WebPlatformOptions)[];

/**
 * What browsers provide, in a page or a worker: images decoded by the browser itself, graphs run by onnxruntime-web on
 * WebAssembly, models from URLs and from the hub, which are kept in Cache Storage.
 *
 * Making one costs nothing; the runtime is loaded when it is first needed.
 *
 * @throws InvalidArgumentError for an option that is unknown or out of range
 * @example
 * ```ts
 * const platform = webPlatform({ wasmUrl: '/ort-wasm-simd-threaded.wasm' });
 * const { width, height } = await platform.decodeImage(document.querySelector('img')!);
 * ```
 */
export function webPlatform(options: WebPlatformOptions = {}): Platform<WebImageSource> {
  checkOptionNames(options, WEB_PLATFORM_OPTIONS, 'webPlatform');
  const limits = resolveLimits(options);
  const images = imageLimits(limits);
  const queue = new DecodeQueue(images);
  const hub = resolveHubOptions(options);
  const loadRuntime = onnxRuntimeLoader(options, limits.modelTimeoutMs);
  return {
    name: 'web',
    decodeImage: async (source, decodeOptions) => {
      return decodeImage(source, resolveDecodeOptions(decodeOptions), images, queue);
    },
    openModel: (source, openOptions) => {
      return openModelFiles(source, { ...openOptions, ...hub, ...modelLimits(limits) });
    },
    createSession: (graph, name, session) => createOnnxSession(loadRuntime, graph, name, session),
    fingerprint,
  };
}
