import {
  DEVICES,
  warnOnce,
  type Device,
  type FindModelFilesOptions,
  type HubOptions,
  type Limits,
  type PlatformOptions,
  type WarningListener,
} from '../../core/index.js';
import { checks, type OptionReader } from '../../validate/index.js';

/** The names of all options that every platform has. */
export const PLATFORM_OPTIONS = [
  'device',
  'numThreads',
  'hub',
  'limits',
  'fetch',
  'onWarning',
] as const satisfies readonly (keyof PlatformOptions)[];

const HUB_OPTIONS = ['url', 'token', 'cacheDir', 'offline'] as const satisfies readonly (keyof HubOptions)[];

const LIMITS = [
  'maxImageBytes',
  'maxImageSide',
  'imageTimeoutMs',
  'maxConcurrentDecodes',
  'allowPrivateNetworks',
  'maxModelFileBytes',
  'modelTimeoutMs',
  'hubRetryWaitsMs',
] as const satisfies readonly (keyof Limits)[];

/** A platform's options, checked and, but for what only the runtime knows, complete. */
export interface ResolvedPlatformOptions {
  readonly device: Device;
  readonly numThreads: number | undefined;
  readonly hub: HubOptions;
  readonly limits: Required<Limits>;
  readonly fetch: typeof fetch | undefined;
  /** Tells each warning once. */
  readonly warn: WarningListener;
}

/**
 * Checks the options and fills in the defaults that {@link PlatformOptions} states.
 *
 * @throws InvalidArgumentError which names the option
 */
export function resolvePlatformOptions(
  given: OptionReader<(typeof PLATFORM_OPTIONS)[number]>,
): ResolvedPlatformOptions {
  return {
    device: given.oneOf('device', DEVICES) ?? 'auto',
    numThreads: given.integer('numThreads', 1, 1024),
    hub: readHub(given.nested('hub', HUB_OPTIONS)),
    limits: readLimits(given.nested('limits', LIMITS)),
    fetch: given.function('fetch'),
    warn: warnOnce(given.function('onWarning')),
  };
}

function readHub(given: OptionReader<keyof HubOptions>): HubOptions {
  const url = given.read('url', HTTP_URL)?.replace(/\/+$/, '');
  const token = given.read('token', TOKEN);
  const cacheDir = given.read('cacheDir', checks.someText);
  const offline = given.boolean('offline');
  return {
    ...(url !== undefined && { url }),
    ...(token !== undefined && { token }),
    ...(cacheDir !== undefined && { cacheDir }),
    ...(offline !== undefined && { offline }),
  };
}

const HTTP_URL: checks.Check<string> = {
  expected: 'an http(s) URL',
  choices: [],
  accepts: (value): value is string => typeof value === 'string' && /^https?:\/\//i.test(value) && URL.canParse(value),
};

/** A wrong token is not quoted: it may be a secret all the same. */
const TOKEN: checks.Check<string> = {
  expected: 'an access token of visible ASCII characters, without spaces',
  isSecret: true,
  accepts: (value): value is string => typeof value === 'string' && /^[!-~]+$/.test(value),
};

function readLimits(given: OptionReader<keyof Limits>): Required<Limits> {
  const wait = given.list('hubRetryWaitsMs', 'waits in milliseconds', (value, path) => {
    if (checks.limit.accepts(value)) return value;
    throw checks.invalid('limits.hubRetryWaitsMs', path, checks.limit, value);
  });
  return {
    maxImageBytes: given.limit('maxImageBytes') ?? 2 ** 28,
    maxImageSide: given.limit('maxImageSide') ?? 65_535,
    imageTimeoutMs: given.limit('imageTimeoutMs') ?? 30_000,
    maxConcurrentDecodes: given.limit('maxConcurrentDecodes') ?? 3,
    allowPrivateNetworks: given.boolean('allowPrivateNetworks') ?? true,
    maxModelFileBytes: given.limit('maxModelFileBytes') ?? 2 ** 31,
    modelTimeoutMs: given.limit('modelTimeoutMs') ?? 30_000,
    hubRetryWaitsMs: wait ?? [250, 1000, 2000],
  };
}

/** The limits under which a model's files are read. */
interface ModelLimits {
  /** Longest silence of a server, in milliseconds. */
  readonly timeoutMs: number;
  /** Most bytes of one file. */
  readonly maxBytes: number;
  /** Waits before a request to the hub is tried again, in milliseconds. */
  readonly retryWaitsMs: readonly number[];
}

/** How the files of a model are found and read. */
export interface ModelFilesOptions extends FindModelFilesOptions, ModelLimits {
  readonly hub: HubOptions;
}

/** What a platform's options say of how a model's files are found, with what one call says on top. */
export function modelFilesOptions(
  { limits, hub, fetch }: ResolvedPlatformOptions,
  call: FindModelFilesOptions | undefined,
): ModelFilesOptions {
  const fetching = call?.fetch ?? fetch;
  return {
    ...call,
    ...(fetching && { fetch: fetching }),
    hub,
    timeoutMs: limits.modelTimeoutMs,
    maxBytes: limits.maxModelFileBytes,
    retryWaitsMs: limits.hubRetryWaitsMs,
  };
}
