import { InvalidArgumentError, RuntimeError } from '../../../core/index.js';
import type { OnnxRuntime } from '../../shared/runtime/onnx-runtime.js';
import { type checks, tagOf, type OptionReader } from '../../../validate/index.js';
import { pageUrl } from '../page-url.js';
import { Mutex } from '../../../async/mutex.js';
import { checkWasmAllowed, fetchWasm } from './wasm-file.js';

/** The module `onnxruntime-web`, or one of its variants. */
export interface OnnxRuntimeModule {
  readonly InferenceSession: object;
  readonly Tensor: object;
  readonly env: object;
}

/** How the inference runtime is loaded. It starts once in a page, with the first graph. */
export interface OnnxRuntimeOptions {
  /** Loads the runtime. Default `() => import('onnxruntime-web/wasm')`, a package that the application installs. */
  readonly module?: () => Promise<OnnxRuntimeModule>;
  /**
   * Where the page finds the runtime's `ort-wasm-simd-threaded.wasm`, relative to the page. Default: where the bundler has put
   * it, as Vite does by itself, and else beside the runtime's script.
   */
  readonly wasmUrl?: string | URL;
}

/**
 * Checks the options of the runtime.
 *
 * @throws InvalidArgumentError which names the option; for a device that a browser has not
 */
export function readRuntimeOptions(given: OptionReader<'runtime' | 'device'>): OnnxRuntimeOptions {
  given.oneOf('device', ['auto', 'wasm']);
  const runtime = given.nested('runtime', ['module', 'wasmUrl']);
  const module = runtime.function<NonNullable<OnnxRuntimeOptions['module']>>('module');
  const url = runtime.read('wasmUrl', WASM_URL);
  const wasmUrl = url === undefined ? undefined : pageUrl(url, 'runtime.wasmUrl');
  return { ...(module && { module }), ...(wasmUrl && { wasmUrl }) };
}

const WASM_URL: checks.Check<string | URL> = {
  expected: 'a URL',
  choices: [],
  accepts: (value): value is string | URL => typeof value === 'string' || tagOf(value) === 'URL',
};

/** A runtime that is ready for graphs, one call at a time. */
export interface StartedRuntime {
  readonly runtime: OnnxRuntime;
  readonly mutex: Mutex;
}

/** The parts of the runtime's settings that are made here; they count until it starts. */
interface WasmSettings {
  numThreads?: number;
  wasmBinary?: Uint8Array;
}

interface Start {
  readonly settings: { readonly wasmUrl: string | undefined; readonly numThreads: number | undefined };
  readonly ready: Promise<StartedRuntime>;
}

const DEFAULT_THREADS = 1;

/** What was started in this page, by the runtime's module: one runtime may serve several platforms. */
const starts = new WeakMap<object, Start>();

/**
 * Makes the function that loads the runtime, on first use. Where that fails, the next use tries again.
 *
 * @param timeoutMs longest silence of a server, in milliseconds
 * @param runtime its options, checked
 * @throws the function: RuntimeError, FetchError for `wasmUrl`, and InvalidArgumentError where the runtime has been started with
 *   other settings
 */
export function onnxRuntimeLoader(
  { runtime, numThreads }: { readonly runtime: OnnxRuntimeOptions; readonly numThreads: number | undefined },
  timeoutMs: number,
): () => Promise<StartedRuntime> {
  const { module: load = () => import('onnxruntime-web/wasm') } = runtime;
  const wasmUrl = runtime.wasmUrl === undefined ? undefined : new URL(runtime.wasmUrl);
  return async () => {
    const module = await imported(load);
    const settings = { wasmUrl: wasmUrl?.href, numThreads };
    const known = starts.get(module.env);
    if (known) {
      checkSame(known.settings, settings);
      return known.ready;
    }
    const ready = start(module as unknown as OnnxRuntime, wasmUrl, numThreads, timeoutMs);
    starts.set(module.env, { settings: { ...settings, numThreads: numThreads ?? DEFAULT_THREADS }, ready });
    ready.catch(() => starts.delete(module.env));
    return ready;
  };
}

async function imported(load: () => Promise<OnnxRuntimeModule>): Promise<OnnxRuntimeModule> {
  try {
    return await load();
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
  wasmUrl: URL | undefined,
  numThreads: number | undefined,
  timeoutMs: number,
): Promise<StartedRuntime> {
  const { wasm } = (runtime as OnnxRuntime & { env: { wasm: WasmSettings } }).env;
  if (numThreads !== undefined && numThreads > 1 && !globalThis.crossOriginIsolated) {
    const advice =
      'Serve it with "Cross-Origin-Opener-Policy: same-origin" and "Cross-Origin-Embedder-Policy: require-corp", or leave out numThreads.';
    throw new InvalidArgumentError('numThreads', `Threads need a page that is cross-origin isolated. ${advice}`);
  }
  await checkWasmAllowed();
  wasm.numThreads = numThreads ?? wasm.numThreads ?? DEFAULT_THREADS;
  if (wasmUrl) wasm.wasmBinary = await fetchWasm(wasmUrl, timeoutMs);
  return { runtime, mutex: new Mutex() };
}

function checkSame(before: Start['settings'], now: Start['settings']): void {
  for (const name of ['wasmUrl', 'numThreads'] as const) {
    if (now[name] === undefined || now[name] === before[name]) continue;
    const was = before[name] ?? 'its default';
    throw new InvalidArgumentError(
      name,
      `The runtime starts once in a page, and has started with ${name} ${was}. Give the same each time, or only the first time.`,
    );
  }
}
