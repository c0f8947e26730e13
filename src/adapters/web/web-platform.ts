import { InvalidArgumentError, type Platform, type PlatformOptions } from '../../core/index.js';
import { ignore } from '../../async/until-aborted.js';
import { OptionReader } from '../../validate/index.js';
import { resolveDecodeOptions } from '../shared/images/decode-options.js';
import {
  modelFilesOptions,
  PLATFORM_OPTIONS,
  resolvePlatformOptions,
  type ResolvedPlatformOptions,
} from '../shared/platform-options.js';
import { DecodeQueue } from '../shared/images/decode-queue.js';
import { prepareDecoding } from './images/decode-file.js';
import { decodeImage } from './images/decode-image.js';
import { fingerprint } from './models/fingerprint.js';
import type { WebImageSource } from './images/image-source.js';
import { findModelFiles } from './models/model-files.js';
import { createOnnxSession } from './runtime/onnx-session.js';
import { startBackend } from './runtime/start-backend.js';
import { WEB_DEVICES, type WebDeviceOption } from './runtime/device.js';
import {
  onnxRuntimeLoader,
  readRuntimeOptions,
  type OnnxRuntimeOptions,
  type ResolvedRuntimeOptions,
} from './runtime/onnxruntime.js';

/** How the platform of a browser is made. */
export interface WebPlatformOptions extends PlatformOptions {
  /** How the inference runtime is loaded. Each build of it starts once in a page, with the first graph. */
  readonly runtime?: OnnxRuntimeOptions;
}

/** The names of all options. */
export const WEB_PLATFORM_OPTIONS = [...PLATFORM_OPTIONS, 'runtime'] as const;

/**
 * What browsers provide, in a page or a worker: images decoded by the browser itself, graphs run by onnxruntime-web on
 * WebAssembly or WebGPU, models from URLs and from the hub, which are kept in Cache Storage.
 *
 * Making one costs nothing; the runtime is loaded when it is first needed.
 *
 * @throws InvalidArgumentError for an option that is unknown or wrong
 * @example
 * ```ts
 * const platform = webPlatform({ runtime: { wasmUrl: '/ort-wasm-simd-threaded.wasm' } });
 * const { width, height } = await platform.decodeImage(document.querySelector('img')!);
 * ```
 */
export function webPlatform(options?: WebPlatformOptions): Platform<WebImageSource> {
  return createWebPlatform(
    readWebPlatformOptions(new OptionReader(options, WEB_PLATFORM_OPTIONS, { of: 'webPlatform()' })),
  );
}

/** A platform's options, checked. */
export interface ResolvedWebOptions extends ResolvedPlatformOptions {
  readonly device: WebDeviceOption;
  readonly runtime: ResolvedRuntimeOptions;
}

/** @throws InvalidArgumentError which names the option */
export function readWebPlatformOptions(given: OptionReader<(typeof WEB_PLATFORM_OPTIONS)[number]>): ResolvedWebOptions {
  const device = given.oneOf('device', WEB_DEVICES) ?? 'auto';
  const resolved = resolvePlatformOptions(given);
  if (!resolved.limits.allowPrivateNetworks) {
    throw new InvalidArgumentError(
      'limits.allowPrivateNetworks',
      'limits.allowPrivateNetworks cannot be false in a browser, which does not tell what a name resolves to. Leave it out: browsers have a guard of their own.',
    );
  }
  return { ...resolved, device, runtime: readRuntimeOptions(given) };
}

/** {@link webPlatform}, with options that have been checked. */
export function createWebPlatform(options: ResolvedWebOptions): Platform<WebImageSource> {
  const { limits } = options;
  const queue = new DecodeQueue(limits);
  const runtime = onnxRuntimeLoader(options, limits.modelTimeoutMs);
  return {
    name: 'web',
    decodeImage: async (source, call) => decodeImage(source, resolveDecodeOptions(call, options.fetch), limits, queue),
    findModelFiles: (source, call) => {
      runtime.prepare(); // its script, while the manifest is on its way; the rest once there is a model
      return findModelFiles(source, modelFilesOptions(options, call));
    },
    createSession: (graph, name, session) => createOnnxSession(() => runtime.start(), graph, name, session),
    prepareRuntime: () => {
      runtime.start().then(startBackend).catch(ignore);
      prepareDecoding();
    },
    fingerprint,
  };
}
