import * as nodeModule from 'node:module';
import { isMainThread } from 'node:worker_threads';
import { thisFile } from '../files/this-file.js';

/** What the addon of onnxruntime-node takes for a tensor, and what it calls to make one. */
interface AddonTensor {
  readonly type: string;
  readonly data: ArrayBufferView;
  readonly dims: readonly number[];
  readonly location: 'cpu';
}

type AddonTensorClass = new (type: string, data: ArrayBufferView, dims: readonly number[]) => AddonTensor;

/** What the addon says of an input or output of a graph. */
export interface AddonValueInfo {
  readonly name: string;
  readonly isTensor: boolean;
  /** Number of the element type in ONNX's `TensorProto.DataType`, for a tensor. */
  readonly type: number;
  /** −1 if the size may vary. */
  readonly shape: readonly number[];
  /** The names of sizes that may vary. */
  readonly symbolicDimensions: readonly string[];
}

/** A graph in the addon. Every call is synchronous. */
export interface AddonSession {
  readonly inputMetadata: readonly AddonValueInfo[];
  readonly outputMetadata: readonly AddonValueInfo[];
  loadModel(path: string, options: object): void;
  loadModel(buffer: ArrayBufferLike, byteOffset: number, byteLength: number, options: object): void;
  run(feeds: object, fetches: object, options: object): Record<string, AddonTensor>;
  dispose(): void;
}

/** The addon of onnxruntime-node 1.30, without that package's JavaScript. */
export interface NativeAddon {
  readonly InferenceSession: new () => AddonSession;
  listSupportedBackends(): readonly { readonly name: string; readonly bundled: boolean }[];
  initOrtOnce(logLevel: number, tensorClass: AddonTensorClass, isMain: boolean): void;
}

/** Only errors and worse are logged; warnings about missing graphics cards are not. */
const LOG_ERROR = 3;

/** Marks an addon that has been started: a process has one of it, however many copies of this module it has. */
const STARTED = Symbol.for('captioneer.runtime.started');

/** The systems that there is an addon for, as `process.platform` and `process.arch` name them. */
const SYSTEMS: readonly string[] = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64', 'win32-arm64'];

/** The name of the package with the addon for this system; nothing if there is none for it. */
export function addonPackage(): string | undefined {
  const name = `${process.platform}-${process.arch}`;
  return SYSTEMS.includes(name) && !isMusl() ? `@captioneer/runtime-${name}` : undefined;
}

/**
 * Loads the addon from the package for this system and starts it.
 *
 * @throws what Node throws if there is no such package, or if the addon cannot be loaded
 */
export function loadNativeAddon(): NativeAddon {
  const addon: NativeAddon & { [STARTED]?: true } = requireAddon();
  if (addon[STARTED] === undefined) {
    addon.initOrtOnce(LOG_ERROR, PlainTensor, isMainThread);
    addon[STARTED] = true;
  }
  return addon;
}

/** What the package of each system exports. */
interface AddonPackage {
  readonly addon: NativeAddon;
}

function requireAddon(): NativeAddon {
  const isBundledAsCommonJs = (import.meta.url as string | undefined) === undefined;
  const { addon } = isBundledAsCommonJs
    ? (nodeModule.createRequire(thisFile())(`@captioneer/runtime-${process.platform}-${process.arch}`) as AddonPackage)
    : requireLiteral();
  return addon;
}

/**
 * Not an import: a bundler would follow it, and a native addon cannot be bundled. It is written so that tools that collect a
 * program's files find the installed package: @vercel/nft knows `module.createRequire` under that name, Next.js'
 * Turbopack what `module` is and `import.meta.url`, and both need literal names of packages.
 */
function requireLiteral(): AddonPackage {
  const module = nodeModule;
  const require = module.createRequire(import.meta.url);
  switch (`${process.platform}-${process.arch}`) {
    case 'linux-x64':
      return require('@captioneer/runtime-linux-x64') as AddonPackage;
    case 'linux-arm64':
      return require('@captioneer/runtime-linux-arm64') as AddonPackage;
    case 'darwin-arm64':
      return require('@captioneer/runtime-darwin-arm64') as AddonPackage;
    case 'win32-x64':
      return require('@captioneer/runtime-win32-x64') as AddonPackage;
    case 'win32-arm64':
      return require('@captioneer/runtime-win32-arm64') as AddonPackage;
    default:
      throw Object.assign(new Error('There is no native runtime for this system.'), { code: 'MODULE_NOT_FOUND' });
  }
}

/** Holds what it is given, whichever realm (a `vm` context of a test runner, say) its data comes from. */
export class PlainTensor implements AddonTensor {
  readonly location = 'cpu';

  constructor(
    readonly type: string,
    readonly data: ArrayBufferView,
    readonly dims: readonly number[],
  ) {}
}

/** Whether this is a Linux whose C library is not glibc, as Alpine's is not. */
function isMusl(): boolean {
  if (process.platform !== 'linux') return false;
  const { report } = process as { report?: NodeJS.ProcessReport & { excludeNetwork?: boolean } };
  if (!report) return false;
  // The report asks for the names of network addresses, which may take seconds.
  const before = report.excludeNetwork;
  report.excludeNetwork = true;
  const { header } = report.getReport() as { header: { glibcVersionRuntime?: string } };
  report.excludeNetwork = before ?? false;
  return header.glibcVersionRuntime === undefined;
}
