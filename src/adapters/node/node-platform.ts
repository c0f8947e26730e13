import type { Platform, PlatformOptions } from '../../core/index.js';
import { OptionReader } from '../../validate/index.js';
import { resolveDecodeOptions } from '../shared/images/decode-options.js';
import { DecodeQueue } from '../shared/images/decode-queue.js';
import {
  modelFilesOptions,
  PLATFORM_OPTIONS,
  resolvePlatformOptions,
  type ResolvedPlatformOptions,
} from '../shared/platform-options.js';
import { decodeImage } from './images/decode-image.js';
import { fingerprint } from './models/fingerprint.js';
import type { NodeImageSource } from './images/image-source.js';
import { findModelFiles } from './models/model-files.js';
import { withFile } from './runtime/graph-file.js';
import { createOnnxSession } from './runtime/onnx-session.js';

/**
 * What Node provides: images decoded by sharp, graphs run by onnxruntime-node on the CPU, files and URLs read.
 *
 * Making one costs nothing; both packages are loaded when they are first needed.
 *
 * @throws InvalidArgumentError for an option that is unknown or wrong
 * @example
 * ```ts
 * const platform = nodePlatform({ limits: { maxImageBytes: 20_000_000 } });
 * const { width, height } = await platform.decodeImage('photo.jpg');
 * ```
 */
export function nodePlatform(options?: PlatformOptions): Platform<NodeImageSource> {
  return createNodePlatform(
    resolvePlatformOptions(new OptionReader(options, PLATFORM_OPTIONS, { of: 'nodePlatform()' })),
  );
}

/** {@link nodePlatform}, with options that have been checked. */
export function createNodePlatform(options: ResolvedPlatformOptions): Platform<NodeImageSource> {
  const { limits } = options;
  const queue = new DecodeQueue(limits);
  return {
    name: 'node',
    decodeImage: async (source, call) => decodeImage(source, resolveDecodeOptions(call, options.fetch), limits, queue),
    findModelFiles: (source, call) => findModelFiles(source, modelFilesOptions(options, call)),
    createSession: (graph, name, session) => createOnnxSession(graph, name, session, options),
    fingerprint,
    withFile,
  };
}
