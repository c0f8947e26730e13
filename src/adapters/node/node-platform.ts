import type { Platform, RawImage } from '../../core/index.js';
import { untilAborted } from '../../core/until-aborted.js';
import { resolveDecodeOptions, type ResolvedDecodeOptions } from '../shared/images/decode-options.js';
import { modelLimits, resolveLimits, type PlatformLimits } from '../shared/platform-limits.js';
import { decodeRawPixels } from '../shared/images/raw-pixels.js';
import { decodePicture } from './images/decode-picture.js';
import { fingerprint } from './models/fingerprint.js';
import type { NodeImageSource } from './images/image-source.js';
import { openModelFiles } from './models/model-files.js';
import { createOnnxSession } from './runtime/onnx-session.js';
import { readPicture } from './images/read-picture.js';
import { sourceKind } from './images/source-kind.js';

/**
 * What Node provides: pictures decoded by sharp, graphs run by onnxruntime-node on the CPU, files and URLs read.
 *
 * Making one costs nothing; both packages are loaded when they are first needed.
 *
 * @throws InvalidArgumentError for an option that is no number above 0, or a wait that is none
 * @example
 * ```ts
 * const platform = nodePlatform({ maxPictureBytes: 20_000_000 });
 * const { width, height } = await platform.decodeImage('photo.jpg');
 * ```
 */
export function nodePlatform(options: PlatformLimits = {}): Platform<NodeImageSource> {
  const limits = resolveLimits(options);
  return {
    name: 'node',
    decodeImage: async (source, decodeOptions) => {
      return decodeImage(source, resolveDecodeOptions(decodeOptions), limits.maxPictureBytes);
    },
    openModel: (source, openOptions) => {
      return openModelFiles(source, { ...openOptions, ...modelLimits(limits) });
    },
    createSession: createOnnxSession,
    fingerprint,
  };
}

async function decodeImage(
  source: NodeImageSource,
  options: ResolvedDecodeOptions,
  maxBytes: number,
): Promise<RawImage> {
  const { maxPixels, background, signal } = options;
  const kind = sourceKind(source);
  if (kind.kind === 'pixels') {
    signal?.throwIfAborted();
    return decodeRawPixels(kind.pixels, maxPixels, background);
  }
  const bytes = await readPicture(kind, { ...options, maxBytes });
  signal?.throwIfAborted();
  // Decoding itself cannot be stopped; an abort only ends the wait for it.
  return untilAborted(decodePicture(bytes, kind.name, maxPixels, background), signal);
}
