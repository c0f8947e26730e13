import type { Platform, RawImage } from '../../core/index.js';
import { checkPositive, resolveDecodeOptions, type ResolvedDecodeOptions } from './decode-options.js';
import { decodePicture } from './decode-picture.js';
import { fingerprint } from './fingerprint.js';
import type { NodeImageSource } from './image-source.js';
import { openModelFiles } from './model-files.js';
import { createOnnxSession } from './onnx-session.js';
import { decodeRawPixels } from './raw-pixels.js';
import { readPicture } from './read-picture.js';
import { sourceKind } from './source-kind.js';
import { untilAborted } from '../../core/until-aborted.js';

/** Limits of the Node adapter. */
export interface NodePlatformOptions {
  /** Most bytes that a picture's file, stream or URL may hold. Default 268 435 456 (256 MiB). */
  readonly maxPictureBytes?: number;
  /** Most bytes that one file of a model may hold. Default 2 147 483 648 (2 GiB), as many as ONNX allows. */
  readonly maxModelFileBytes?: number;
  /** Longest silence of a server while a model's file is fetched, in milliseconds. Default 30 000. */
  readonly modelTimeoutMs?: number;
  /**
   * Waits, in milliseconds, before a request to the hub that failed for a reason that may pass (no answer, a cut connection,
   * a busy server) is tried again; each piece that arrives starts them anew. Default 250, 1000, 2000; none tries once.
   */
  readonly hubRetryWaitsMs?: readonly number[];
}

const DEFAULTS = { maxPictureBytes: 2 ** 28, maxModelFileBytes: 2 ** 31, modelTimeoutMs: 30_000 } as const;
const HUB_RETRY_WAITS_MS = [250, 1000, 2000] as const;

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
export function nodePlatform(options: NodePlatformOptions = {}): Platform<NodeImageSource> {
  const { hubRetryWaitsMs = HUB_RETRY_WAITS_MS, ...others } = options;
  const limits = { ...DEFAULTS, ...definedOnly(others) };
  for (const waitMs of hubRetryWaitsMs) checkPositive('hubRetryWaitsMs', waitMs);
  for (const [name, value] of Object.entries(limits)) checkPositive(name, value);
  return {
    name: 'node',
    decodeImage: async (source, decodeOptions) => {
      return decodeImage(source, resolveDecodeOptions(decodeOptions), limits.maxPictureBytes);
    },
    openModel: (source, openOptions) => {
      return openModelFiles(source, {
        ...openOptions,
        timeoutMs: limits.modelTimeoutMs,
        maxBytes: limits.maxModelFileBytes,
        retryWaitsMs: hubRetryWaitsMs,
      });
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
  const bytes = await readPicture(kind, options, maxBytes);
  signal?.throwIfAborted();
  // Decoding itself cannot be stopped; an abort only ends the wait for it.
  return untilAborted(decodePicture(bytes, kind.name, maxPixels, background), signal);
}

function definedOnly<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
}
