import { checkPositive } from './images/decode-options.js';
import type { ImageLimits } from './images/image-limits.js';

/** Limits that every adapter has. */
export interface PlatformLimits {
  /** Most bytes of an image's file, stream, URL or data. Default 268 435 456 (256 MiB). */
  readonly maxImageBytes?: number;
  /** Most pixels of either side of an image; larger ones are refused before they are decoded. Default 65 535. */
  readonly maxImageSide?: number;
  /** Longest time that one image may take to be decoded, in milliseconds. Default 30 000. */
  readonly imageTimeoutMs?: number;
  /**
   * Images that are decoded at once; others wait. Default 3: Node decodes in a pool of four threads, which also reads files, so one is
   * left for that.
   */
  readonly maxConcurrentDecodes?: number;
  /**
   * Whether URLs of images may lead to addresses that are not public, such as those of a home network or of this machine; each
   * redirect and each resolved address is checked. Switch it off in a server that fetches URLs which others give. Default true.
   */
  readonly allowPrivateNetworks?: boolean;
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

/**
 * Checks the limits and fills in the defaults that {@link PlatformLimits} states.
 *
 * @throws InvalidArgumentError for a limit that is no number above 0, or a wait that is none
 */
export function resolveLimits(limits: PlatformLimits): Required<PlatformLimits> {
  const {
    maxImageBytes = 2 ** 28,
    maxImageSide = 65_535,
    imageTimeoutMs = 30_000,
    maxConcurrentDecodes = 3,
    allowPrivateNetworks = true,
    maxModelFileBytes = 2 ** 31,
    modelTimeoutMs = 30_000,
    hubRetryWaitsMs = [250, 1000, 2000],
  } = limits;
  const bounds = {
    maxImageBytes,
    maxImageSide,
    imageTimeoutMs,
    maxConcurrentDecodes,
    maxModelFileBytes,
    modelTimeoutMs,
  };
  for (const [name, value] of Object.entries(bounds)) {
    checkPositive(name, value);
  }
  for (const waitMs of hubRetryWaitsMs) checkPositive('hubRetryWaitsMs', waitMs);
  return { ...bounds, allowPrivateNetworks, hubRetryWaitsMs };
}

/** Of all limits those that images are read and decoded under. */
export function imageLimits(limits: Required<PlatformLimits>): ImageLimits {
  return limits;
}

/** The limits under which a model's files are read. */
export interface ModelLimits {
  /** Longest silence of a server, in milliseconds. */
  readonly timeoutMs: number;
  /** Most bytes of one file. */
  readonly maxBytes: number;
  /** Waits before a request to the hub is tried again, in milliseconds. */
  readonly retryWaitsMs: readonly number[];
}

/** Of all limits those that a model's files are read under. */
export function modelLimits(limits: Required<PlatformLimits>): ModelLimits {
  return {
    timeoutMs: limits.modelTimeoutMs,
    maxBytes: limits.maxModelFileBytes,
    retryWaitsMs: limits.hubRetryWaitsMs,
  };
}
