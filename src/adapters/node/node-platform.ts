import type { Platform } from '../../core/index.js';
import { resolveDecodeOptions } from '../shared/images/decode-options.js';
import { DecodeQueue } from '../shared/images/decode-queue.js';
import { imageLimits, modelLimits, resolveLimits, type PlatformLimits } from '../shared/platform-limits.js';
import { decodeImage } from './images/decode-image.js';
import { fingerprint } from './models/fingerprint.js';
import type { NodeImageSource } from './images/image-source.js';
import { openModelFiles } from './models/model-files.js';
import { createOnnxSession } from './runtime/onnx-session.js';

/**
 * What Node provides: images decoded by sharp, graphs run by onnxruntime-node on the CPU, files and URLs read.
 *
 * Making one costs nothing; both packages are loaded when they are first needed.
 *
 * @throws InvalidArgumentError for an option that is no number above 0, or a wait that is none
 * @example
 * ```ts
 * const platform = nodePlatform({ maxImageBytes: 20_000_000 });
 * const { width, height } = await platform.decodeImage('photo.jpg');
 * ```
 */
export function nodePlatform(options: PlatformLimits = {}): Platform<NodeImageSource> {
  const limits = resolveLimits(options);
  const images = imageLimits(limits);
  const queue = new DecodeQueue(images);
  return {
    name: 'node',
    decodeImage: async (source, decodeOptions) => {
      return decodeImage(source, resolveDecodeOptions(decodeOptions), images, queue);
    },
    openModel: (source, openOptions) => {
      return openModelFiles(source, { ...openOptions, ...modelLimits(limits) });
    },
    createSession: createOnnxSession,
    fingerprint,
  };
}
