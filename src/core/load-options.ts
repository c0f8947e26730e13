import type { LoadProgress } from './load-progress.js';
import type { WarningListener } from './warning.js';

/** The kinds of {@link Dtype}, by name. */
export const DTYPES = ['fp32', 'fp16', 'q8', 'int8', 'uint8', 'q4', 'q4f16', 'bnb4'] as const;

/**
 * The kind of a graph's weights, by the names that published checkpoints use: 32-bit floats, 16-bit floats, 8 bits (whatever
 * their publisher chose, signed, unsigned), 4 bits (in blocks, with 16-bit floats for the rest, in the manner of
 * bitsandbytes).
 */
export type Dtype = (typeof DTYPES)[number];

/**
 * Which kind of weights is loaded: one for all graphs; one for each graph by its name, such as
 * `{ encoder_model: 'fp32', decoder_model_merged: 'q8' }`, those that are left out in 32-bit floats; or `auto`, what the publisher
 * recommends (`transformers.js_config` in `config.json`) and else 8 bits, if there are such graphs.
 */
export type DtypeOption = Dtype | 'auto' | Readonly<Record<string, Dtype>>;

/** The devices of {@link Device}. */
export const DEVICES = ['auto', 'cpu', 'cuda', 'coreml', 'directml', 'webgpu', 'wasm'] as const;

/**
 * Where graphs are run: passed on to ONNX Runtime as its execution provider. `auto` is `cpu` in Node and `wasm` in a browser. One
 * that is named and not there is an error; but if a browser has no graphics adapter for `webgpu`, graphs run on `wasm`, with the
 * warning `device-fallback`.
 */
export type Device = (typeof DEVICES)[number];

/** What runs a graph that has been loaded. */
export type ExecutionDevice = Exclude<Device, 'auto'>;

/** Which Hugging Face hub models come from, and where they are kept. */
export interface HubOptions {
  /** Address of the hub. Default `https://huggingface.co`; in Node `HF_ENDPOINT` if it is set. */
  readonly url?: string;
  /**
   * Access token for private and gated models. It is sent to the hub's origin alone. Default none; in Node `HF_TOKEN`, or the
   * token that the Hugging Face command has stored, if the hub is that of the environment. In a page everybody can read it.
   */
  readonly token?: string;
  /**
   * Folder that downloads are kept in, laid out as the Hugging Face libraries do; in a browser the name of the cache in Cache
   * Storage. Default in Node `HF_HUB_CACHE`, or `~/.cache/huggingface/hub`; in a browser `captioneer`.
   */
  readonly cacheDir?: string;
  /** Whether only what is kept already is used and no hub is asked. Default false; in Node `HF_HUB_OFFLINE` if it is set. */
  readonly offline?: boolean;
}

/** How much is read, and how long it is waited for. */
export interface Limits {
  /** Most bytes of an image's file, stream, URL or data. Default 268 435 456 (256 MiB). */
  readonly maxImageBytes?: number;
  /** Most pixels of either side of an image; larger ones are refused before they are decoded. Default 65 535. */
  readonly maxImageSide?: number;
  /** Longest time that one image may take to be decoded, in milliseconds. Default 30 000. */
  readonly imageTimeoutMs?: number;
  /**
   * Images that are decoded at once; others wait. Default 3: Node decodes in a pool of four threads, which also reads files, so
   * one is left for that.
   */
  readonly maxConcurrentDecodes?: number;
  /**
   * Whether URLs of images may lead to addresses that are not public, such as those of a home network or of this machine; each
   * redirect and each resolved address is checked. Switch it off in a server that fetches URLs which others give. Default true.
   */
  readonly allowPrivateNetworks?: boolean;
  /** Most bytes of one file of a model. Default 2 147 483 648 (2 GiB), as many as ONNX allows. */
  readonly maxModelFileBytes?: number;
  /** Longest silence of a server while a model's file is fetched, in milliseconds. Default 30 000. */
  readonly modelTimeoutMs?: number;
  /**
   * Waits, in milliseconds, before a request to the hub that failed for a reason that may pass (no answer, a cut connection,
   * a busy server) is tried again; each piece that arrives starts them again. Default 250, 1000, 2000; none tries once.
   */
  readonly hubRetryWaitsMs?: readonly number[];
}

/** What a platform is made with: all options of loading that are not about one model. */
export interface PlatformOptions {
  /** Where graphs are run. Default `auto`. */
  readonly device?: Device;
  /**
   * Threads that run a graph's operators, at least 1. Default in Node one for each processor core, at most 4, and one for a
   * small graph; in a browser 1, and more need a page that is cross-origin isolated.
   */
  readonly numThreads?: number;
  /** Which hub models come from, and where they are kept. */
  readonly hub?: HubOptions;
  /** How much is read, and how long it is waited for. */
  readonly limits?: Limits;
  /** Asks URLs. Default the global `fetch`. */
  readonly fetch?: typeof fetch;
  /** Is told of each warning once. Default nobody. */
  readonly onWarning?: WarningListener;
}

/** How one model is found and loaded. */
export interface OpenModelOptions {
  /** Only for a model in the public two-file layout: the kind of its weights. Default `fp32`. */
  readonly dtype?: DtypeOption;
  /** Only for a model on the hub: branch, tag or commit. Default `main`. */
  readonly revision?: string;
  /** Asks URLs. Default the global `fetch`. */
  readonly fetch?: typeof fetch;
  /** Stops the loading; its reason is thrown. */
  readonly signal?: AbortSignal;
  /** Hears of the bytes that arrive, file by file, if a model comes through the network. */
  readonly progress?: (progress: LoadProgress) => void;
  /** Is told of each warning once. Default nobody. */
  readonly onWarning?: WarningListener;
}

/** How a model is found and loaded, and how the platform that runs it is made: the same in Node and in a browser. */
export interface LoadOptions extends OpenModelOptions, PlatformOptions {}
