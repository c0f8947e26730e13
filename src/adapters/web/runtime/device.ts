import type { WarningListener } from '../../../core/index.js';
import { reason } from '../../shared/runtime/onnx-session.js';

/** The devices that `device` may name in a browser. */
export const WEB_DEVICES = ['auto', 'wasm', 'webgpu'] as const satisfies readonly WebDeviceOption[];

/** A value of the option `device` in a browser. */
export type WebDeviceOption = 'auto' | 'wasm' | 'webgpu';

/** What runs graphs in a browser. */
export type WebDevice = Exclude<WebDeviceOption, 'auto'>;

/** The option of `runtime` that says where the file of each build of onnxruntime-web is. */
export const URL_OPTIONS = { wasm: 'wasmUrl', webgpu: 'webgpuWasmUrl' } as const satisfies Record<WebDevice, string>;

/** That file, in the package's folder `dist`. */
export const WASM_FILES: Readonly<Record<WebDevice, string>> = {
  wasm: 'ort-wasm-simd-threaded.wasm',
  webgpu: 'ort-wasm-simd-threaded.asyncify.wasm',
};

/** What is used here of WebGPU's `navigator.gpu`. */
interface Gpu {
  requestAdapter(): Promise<object | null>;
}

/**
 * Chooses what runs the graphs: WebAssembly for `auto`, and for `webgpu` if the browser has no graphics adapter for pages.
 *
 * @param warn is told of the latter, as `device-fallback`
 */
export async function chooseDevice(wanted: WebDeviceOption, warn: WarningListener): Promise<WebDevice> {
  if (wanted !== 'webgpu') return 'wasm';
  const obstacle = await findObstacle();
  if (obstacle === undefined) return 'webgpu';
  warn({
    code: 'device-fallback',
    message: `device 'webgpu' is not available: ${obstacle} The model runs on 'wasm' instead, which gives the same captions.`,
  });
  return 'wasm';
}

/** Why WebGPU cannot be used, as a sentence; undefined if it can. */
async function findObstacle(): Promise<string | undefined> {
  const { navigator } = globalThis as { readonly navigator?: { readonly gpu?: Gpu } };
  if (!navigator?.gpu) {
    return globalThis.isSecureContext
      ? 'this browser does not support WebGPU, or has it turned off.'
      : 'browsers have WebGPU only in secure contexts. Serve the page over https, or from localhost.';
  }
  try {
    if (await navigator.gpu.requestAdapter()) return undefined;
  } catch (error) {
    return `the browser gave no graphics adapter (${reason(error)}).`;
  }
  return 'the browser found no graphics adapter that it may use. Check that hardware acceleration is on and the driver is current.';
}
