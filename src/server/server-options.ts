import { OptionReader } from '../validate/index.js';

/** How much a server takes on, and what it allows. */
export interface ServerOptions {
  /** Most bytes of a request's body. Default 20 971 520 (20 MiB). */
  readonly maxBodyBytes?: number;
  /**
   * Caption requests in the server at once, those being received, waiting and captioned; further ones are answered 503 with `Retry-After`
   * before their body is read. Default 32. With `maxBodyBytes` it bounds the memory.
   */
  readonly maxRequests?: number;
  /** Requests that one captioner captions together if they wait and their options are the same, 1 … 64. Default 8. */
  readonly maxBatch?: number;
  /** Longest time from a request's arrival to its answer, in milliseconds; then it is answered 504. Default 30 000. */
  readonly requestTimeoutMs?: number;
  /** Most beams, and most captions, that a request may ask for, 1 … 64. Default 8. */
  readonly maxBeams?: number;
  /**
   * Whether images are fetched from URLs that requests give. Default false. If true, load the captioner with
   * `limits: { allowPrivateNetworks: false }`, so that nobody reaches into your network.
   */
  readonly allowUrls?: boolean;
  /** Name of the model in answers. Default that of the manifest. */
  readonly modelName?: string;
  /** Whether `/metrics` has those of the process too: memory, event loop, garbage collection. Default true. */
  readonly hasProcessMetrics?: boolean;
  /** Is told of each error that is not the request's fault; the answer, status 500, does not tell it. Default nobody. */
  readonly onError?: (error: unknown) => void;
}

/** {@link ServerOptions}, checked and complete. */
export type ResolvedServerOptions = Required<Omit<ServerOptions, 'modelName'>> & Pick<ServerOptions, 'modelName'>;

const NAMES = [
  'maxBodyBytes',
  'maxRequests',
  'maxBatch',
  'requestTimeoutMs',
  'maxBeams',
  'allowUrls',
  'modelName',
  'hasProcessMetrics',
  'onError',
] as const satisfies readonly (keyof ServerOptions)[];

const MAX_BODY_BYTES = 20 * 2 ** 20;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** @throws InvalidArgumentError which names the option */
export function readServerOptions(options: unknown): ResolvedServerOptions {
  const given = new OptionReader(options, NAMES, { of: 'createServer()' });
  const modelName = given.string('modelName');
  return {
    maxBodyBytes: given.integer('maxBodyBytes', 1) ?? MAX_BODY_BYTES,
    maxRequests: given.integer('maxRequests', 1, 100_000) ?? 32,
    maxBatch: given.integer('maxBatch', 1, 64) ?? 8,
    requestTimeoutMs: given.integer('requestTimeoutMs', 1, LONGEST_TIMER_MS) ?? 30_000,
    maxBeams: given.integer('maxBeams', 1, 64) ?? 8,
    allowUrls: given.boolean('allowUrls') ?? false,
    hasProcessMetrics: given.boolean('hasProcessMetrics') ?? true,
    onError: given.function<(error: unknown) => void>('onError') ?? (() => undefined),
    ...(modelName !== undefined && { modelName }),
  };
}
