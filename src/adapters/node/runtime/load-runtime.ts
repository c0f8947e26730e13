import {
  InvalidArgumentError,
  RuntimeError,
  type Device,
  type ExecutionDevice,
  type WarningListener,
} from '../../../core/index.js';
import type { OnnxRuntime } from '../../shared/runtime/onnx-runtime.js';
import { asSentence, explainLoadFailure } from '../files/load-failure.js';
import { addonPackage, loadNativeAddon } from './native-addon.js';
import { nativeRuntime } from './native-runtime.js';
import { loadWasmRuntime } from './wasm-runtime.js';

/** A runtime, and what runs graphs on it: the execution providers of ONNX Runtime, the best first. */
export interface LoadedRuntime extends OnnxRuntime {
  readonly providers: readonly string[];
  /** The first of them, as the option names it. */
  readonly device: ExecutionDevice;
}

/** The devices that are execution providers of the native runtime, and their names there. */
const PROVIDERS: Partial<Record<Device, string>> = {
  cpu: 'cpu',
  cuda: 'cuda',
  coreml: 'coreml',
  directml: 'dml',
  webgpu: 'webgpu',
};

/** DirectML needs a library of 18 MB that is not shipped. */
const isShipped = (provider: string): boolean => provider !== 'dml';

/** What has been loaded. Loading it again would cost a search through folders. */
let native: { readonly runtime: OnnxRuntime; readonly available: readonly string[] } | undefined;
let fallback: { readonly runtime: OnnxRuntime; readonly message: string } | undefined;

/**
 * Loads the inference runtime, on first use only, so that importing the library stays quick: the native one or, if there is
 * none for this system or it cannot be loaded, onnxruntime-web if that is installed.
 *
 * A failure is not kept: the next call tries again.
 *
 * @param device `auto` and `cpu` may be onnxruntime-web on a system without the native runtime; `wasm` is always
 * @param warn is told if it is onnxruntime-web though the native one was wanted
 * @throws RuntimeError which says why it cannot be loaded and what to do; InvalidArgumentError for a device that it has not
 */
export function loadRuntime(device: Device = 'auto', warn?: WarningListener): LoadedRuntime {
  if (device === 'wasm') return { ...loadWasm(), providers: ['wasm'], device: 'wasm' };
  if (!native && !fallback) loadAny();
  if (native)
    return {
      ...native.runtime,
      providers: providersFor(device, native.available),
      device: device === 'auto' ? 'cpu' : device,
    };
  const { runtime, message } = fallback!;
  if (device !== 'auto' && device !== 'cpu') throw new RuntimeError(message);
  warn?.({ code: 'runtime-fallback', message });
  return { ...runtime, providers: ['wasm'], device: 'wasm' };
}

function loadAny(): void {
  try {
    const addon = loadNativeAddon();
    const bundled = addon.listSupportedBackends().filter((backend) => backend.bundled);
    native = { runtime: nativeRuntime(addon), available: bundled.map(({ name }) => name).filter(isShipped) };
  } catch (cause) {
    fallback = loadFallback(cause);
  }
}

function providersFor(device: Exclude<Device, 'wasm'>, available: readonly string[]): readonly string[] {
  if (device === 'auto' || device === 'cpu') return ['cpu'];
  const provider = PROVIDERS[device]!;
  if (available.includes(provider)) return [provider, 'cpu'];
  const known = (Object.keys(PROVIDERS) as Device[]).filter((name) => available.includes(PROVIDERS[name]!));
  throw new InvalidArgumentError(
    'device',
    `device '${device}' is not available: the runtime that comes with captioneer on this system has ` +
      `${known.map((name) => `'${name}'`).join(', ')}. Use one of them, 'wasm', or 'auto'.`,
  );
}

function loadWasm(): OnnxRuntime {
  try {
    return loadWasmRuntime();
  } catch (cause) {
    const { isMissing, detail } = explainLoadFailure(cause);
    const problem = isMissing ? 'is not installed. Run "npm install onnxruntime-web"' : `cannot be loaded: ${detail}`;
    throw new RuntimeError(`device 'wasm' needs the package "onnxruntime-web", which ${asSentence(problem)}`, {
      cause,
    });
  }
}

function loadFallback(cause: unknown): NonNullable<typeof fallback> {
  const { problem, remedy, isPassing } = explain(cause);
  // A temporary shortage must not make the process slow for as long as it runs.
  if (isPassing) throw new RuntimeError(`${problem} ${remedy}`, { cause });
  try {
    const runtime = loadWasmRuntime();
    return { runtime, message: `${problem} onnxruntime-web is used instead, which is several times slower. ${remedy}` };
  } catch (error) {
    const { isMissing, detail } = explainLoadFailure(error);
    const alternative = isMissing
      ? 'Or run "npm install onnxruntime-web", which runs on every system, but more slowly.'
      : `onnxruntime-web, which would run here, too, cannot be loaded either: ${asSentence(detail)}`;
    throw new RuntimeError(`${problem} ${remedy} ${alternative}`, { cause });
  }
}

/** What is wrong with the native runtime and what to do about it, as sentences. */
function explain(cause: unknown): { problem: string; remedy: string; isPassing: boolean } {
  const name = addonPackage();
  const { isMissing, detail, remedy, isPassing } = explainLoadFailure(cause);
  if (name === undefined) {
    return {
      problem: `captioneer has no native inference runtime for ${systemName()}.`,
      remedy: 'It has one for Linux (glibc) and Windows on x64 and arm64, and for macOS on Apple silicon.',
      isPassing: false,
    };
  }
  if (isMissing) {
    return {
      problem: `The package "${name}", captioneer's inference runtime for this system, is not installed.`,
      remedy:
        'It is an optional dependency: install captioneer again on this system, without --omit=optional and without ' +
        'node_modules copied from another system.',
      isPassing: false,
    };
  }
  return {
    problem: `The inference runtime in "${name}" cannot be loaded: ${asSentence(detail)}`,
    remedy: remedy ?? 'Install captioneer again.',
    isPassing,
  };
}

/** `Linux without glibc on x64` */
function systemName(): string {
  const { platform, arch } = process;
  const names: Partial<Record<NodeJS.Platform, string>> = { darwin: 'macOS', win32: 'Windows', linux: 'Linux' };
  const hasOtherLibc = platform === 'linux' && (arch === 'x64' || arch === 'arm64');
  return `${names[platform] ?? platform}${hasOtherLibc ? ' without glibc, such as Alpine,' : ''} on ${arch}`;
}
