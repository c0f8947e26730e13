import { checkPositive } from './images/decode-options.js';

/** Limits that every adapter has. */
export interface PlatformLimits {
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

/**
 * Checks the limits and fills in the defaults that {@link PlatformLimits} states.
 *
 * @throws InvalidArgumentError for a limit that is no number above 0, or a wait that is none
 */
export function resolveLimits(limits: PlatformLimits): Required<PlatformLimits> {
  const {
    maxPictureBytes = 2 ** 28,
    maxModelFileBytes = 2 ** 31,
    modelTimeoutMs = 30_000,
    hubRetryWaitsMs = [250, 1000, 2000],
  } = limits;
  for (const [name, value] of Object.entries({ maxPictureBytes, maxModelFileBytes, modelTimeoutMs })) {
    checkPositive(name, value);
  }
  for (const waitMs of hubRetryWaitsMs) checkPositive('hubRetryWaitsMs', waitMs);
  return { maxPictureBytes, maxModelFileBytes, modelTimeoutMs, hubRetryWaitsMs };
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
