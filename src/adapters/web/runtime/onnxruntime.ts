import { InvalidArgumentError, RuntimeError, type WarningListener } from '../../../core/index.js';
import type { OnnxRuntime } from '../../shared/runtime/onnx-runtime.js';
import { type checks, tagOf, type OptionReader } from '../../../validate/index.js';
import { pageUrl } from '../page-url.js';
import { Mutex } from '../../../async/mutex.js';
import { ignore } from '../../../async/until-aborted.js';
import { chooseDevice, URL_OPTIONS, type WebDevice, type WebDeviceOption } from './device.js';
import { checkWasm, fetchWasm, isStreamable } from './wasm-file.js';

/** The module `onnxruntime-web`, or one of its variants. */
export interface OnnxRuntimeModule {
  readonly InferenceSession: object;
  readonly Tensor: object;
  readonly env: object;
}

/** How the inference runtime is loaded. Each build of it starts once in a page, with the first graph. */
export interface OnnxRuntimeOptions {
  /**
   * Loads the runtime for a device. Default `import('onnxruntime-web/wasm')` or, for `webgpu`, `import('onnxruntime-web/webgpu')`, of
   * a package that the application installs.
   */
  readonly module?: (device: WebDevice) => Promise<OnnxRuntimeModule>;
  /**
   * Where the page finds the runtime's `ort-wasm-simd-threaded.wasm`, relative to the page. Default: where the bundler has put
   * it, as Vite does by itself, and else beside the runtime's script.
   */
  readonly wasmUrl?: string | URL;
  /**
   * Only for `device: 'webgpu'`: where the page finds the file of that build, `ort-wasm-simd-threaded.asyncify.wasm`, relative to
   * the page. Default as for `wasmUrl`, which is then only for the fallback.
   */
  readonly webgpuWasmUrl?: string | URL;
}

/** The runtime's options, checked. */
export interface ResolvedRuntimeOptions {
  readonly module?: NonNullable<OnnxRuntimeOptions['module']>;
  readonly urls: Readonly<Partial<Record<WebDevice, URL>>>;
}

/**
 * Checks the options of the runtime.
 *
 * @throws InvalidArgumentError which names the option
 */
export function readRuntimeOptions(given: OptionReader<'runtime'>): ResolvedRuntimeOptions {
  const runtime = given.nested('runtime', ['module', ...Object.values(URL_OPTIONS)]);
  const module = runtime.function<NonNullable<OnnxRuntimeOptions['module']>>('module');
  const urls = Object.entries(URL_OPTIONS).flatMap(([device, name]) => {
    const url = runtime.read(name, WASM_URL);
    return url === undefined ? [] : [[device, pageUrl(url, `runtime.${name}`)] as const];
  });
  return { ...(module && { module }), urls: Object.fromEntries(urls) };
}

const WASM_URL: checks.Check<string | URL> = {
  expected: 'a URL',
  choices: [],
  accepts: (value): value is string | URL => typeof value === 'string' || tagOf(value) === 'URL',
};

/** A runtime that is ready for graphs, one call at a time. */
export interface StartedRuntime {
  readonly runtime: OnnxRuntime;
  /** What its graphs run on. */
  readonly device: WebDevice;
  readonly mutex: Mutex;
}

/** The parts of the runtime's settings that are made here; they count until it starts. */
interface WasmSettings {
  numThreads?: number;
  wasmBinary?: Uint8Array;
  wasmPaths?: { readonly wasm: string };
}

/** What a runtime is started with. */
interface StartSettings {
  readonly device: WebDevice;
  readonly url: URL | undefined;
  readonly numThreads: number | undefined;
}

interface Start {
  readonly settings: StartSettings;
  readonly ready: Promise<Omit<StartedRuntime, 'device'>>;
}

const DEFAULT_THREADS = 1;

/** What was started in this page, by the runtime's module: one runtime may serve several platforms. */
const starts = new WeakMap<object, Start>();

/** What a platform says of the runtime. */
interface LoaderOptions {
  readonly device: WebDeviceOption;
  readonly numThreads: number | undefined;
  readonly runtime: ResolvedRuntimeOptions;
  readonly warn: WarningListener;
}

/** Loads the runtime of a platform. */
export interface OnnxRuntimeLoader {
  /** Begins to load its script. A failure comes again with `start`. */
  prepare(): void;
  /**
   * Starts it, on first use. If that fails, the next use tries again.
   *
   * @throws RuntimeError, FetchError for `wasmUrl`, and InvalidArgumentError if the runtime has been started with other settings
   */
  start(): Promise<StartedRuntime>;
}

/** @param timeoutMs longest silence of a server, in milliseconds */
export function onnxRuntimeLoader(options: LoaderOptions, timeoutMs: number): OnnxRuntimeLoader {
  const { numThreads, runtime, warn } = options;
  const { module: load = importRuntime, urls } = runtime;
  let choice: Promise<WebDevice> | undefined;
  const chosen = async (): Promise<{ device: WebDevice; module: OnnxRuntimeModule }> => {
    const device = await (choice ??= chooseDevice(options.device, warn));
    return { device, module: await imported(load, device) };
  };
  const startOnce = async (): Promise<StartedRuntime> => {
    const { device, module } = await chosen();
    const settings = { device, url: urls[device], numThreads };
    const known = starts.get(module.env);
    if (known) {
      checkSame(known.settings, settings);
      return { ...(await known.ready), device };
    }
    const ready = start(module as unknown as OnnxRuntime, settings, timeoutMs);
    starts.set(module.env, { settings: { ...settings, numThreads: numThreads ?? DEFAULT_THREADS }, ready });
    ready.catch(() => starts.delete(module.env));
    return { ...(await ready), device };
  };
  return { prepare: () => void chosen().catch(ignore), start: startOnce };
}

/** The build of onnxruntime-web for a device: that with WebGPU is twice as large. Literal names, for bundlers. */
function importRuntime(device: WebDevice): Promise<OnnxRuntimeModule> {
  return device === 'webgpu' ? import('onnxruntime-web/webgpu') : import('onnxruntime-web/wasm');
}

async function imported(
  load: NonNullable<OnnxRuntimeOptions['module']>,
  device: WebDevice,
): Promise<OnnxRuntimeModule> {
  try {
    return await load(device);
  } catch (cause) {
    throw new RuntimeError(
      'Running a model in a browser needs the package "onnxruntime-web", which is not there. Run "npm install onnxruntime-web" ' +
        'and bundle it, or give the option runtime.module.',
      { cause },
    );
  }
}

async function start(
  runtime: OnnxRuntime,
  settings: StartSettings,
  timeoutMs: number,
): Promise<Awaited<Start['ready']>> {
  const { device, url, numThreads } = settings;
  const { wasm } = (runtime as OnnxRuntime & { env: { wasm: WasmSettings } }).env;
  if (numThreads !== undefined && numThreads > 1 && !globalThis.crossOriginIsolated) {
    const advice =
      'Serve it with "Cross-Origin-Opener-Policy: same-origin" and "Cross-Origin-Embedder-Policy: require-corp", or leave out numThreads.';
    throw new InvalidArgumentError('numThreads', `Threads need a page that is cross-origin isolated. ${advice}`);
  }
  await checkWasm();
  wasm.numThreads = numThreads ?? wasm.numThreads ?? DEFAULT_THREADS;
  if (url && (await isStreamable(url, timeoutMs))) wasm.wasmPaths = { wasm: url.href };
  else if (url) wasm.wasmBinary = await fetchWasm(url, device, timeoutMs);
  return { runtime, mutex: new Mutex() };
}

function checkSame(before: StartSettings, now: StartSettings): void {
  if (now.numThreads !== undefined && now.numThreads !== before.numThreads) {
    throw startedOtherwise('numThreads', before.numThreads);
  }
  if (now.url !== undefined && now.url.href !== before.url?.href) {
    throw startedOtherwise(URL_OPTIONS[now.device], before.url?.href);
  }
}

function startedOtherwise(option: string, before: string | number | undefined): InvalidArgumentError {
  return new InvalidArgumentError(
    option,
    `The runtime starts once in a page, and has started with ${option} ${before ?? 'its default'}. Give the same each time, or only the first time.`,
  );
}
