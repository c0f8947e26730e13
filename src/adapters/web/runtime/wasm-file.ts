import { RuntimeError } from '../../../core/index.js';
import { fetchBytes } from '../../shared/fetch-bytes.js';
import { reason } from '../../shared/runtime/onnx-session.js';
import { FETCH_ADVICE } from '../advice.js';
import { URL_OPTIONS, WASM_FILES, type WebDevice } from './device.js';

// The runtime prints and never starts again after a failure, so that the usual ones are looked for before it hears of them.

/** The smallest module: it compiles wherever the page lets any compile. */
const EMPTY_MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/** A function that counts the bits of a vector, which compiles wherever there is SIMD of 128 bits. */
const SIMD_MODULE = Uint8Array.of(
  ...EMPTY_MODULE,
  ...[1, 5, 1, 0x60, 0, 1, 0x7b], // a type: no parameters, a vector as result
  ...[3, 2, 1, 0], // a function of that type
  ...[10, 10, 1, 8, 0, 0x41, 0, 0xfd, 15, 0xfd, 98, 11], // i32.const 0, i8x16.splat, i8x16.popcnt, end
);

/** @throws RuntimeError if the page's policy, or the browser's settings, forbid WebAssembly; if it has no SIMD */
export async function checkWasm(): Promise<void> {
  try {
    await WebAssembly.compile(EMPTY_MODULE);
  } catch (cause) {
    throw new RuntimeError(
      `This page may not run WebAssembly (${reason(cause)}). If it has a Content-Security-Policy, allow 'wasm-unsafe-eval' in ` +
        'its script-src.',
      { cause },
    );
  }
  if (WebAssembly.validate(SIMD_MODULE)) return;
  throw new RuntimeError(
    'The WebAssembly of this browser has no SIMD, which ONNX Runtime needs. Update the browser: Chrome and Edge have it since version 91, ' +
      'Firefox since 89, Safari since 16.4.',
  );
}

/**
 * Whether the runtime can have the browser compile the file while it arrives, and keep the compiled code for the next visit. That takes a
 * server that says it is WebAssembly; the file that other servers send is compiled from its bytes, each time again.
 *
 * @param timeoutMs longest time for an answer, in milliseconds
 */
export async function isStreamable(url: URL, timeoutMs: number): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const { ok, headers } = await fetch(url, { method: 'HEAD', credentials: 'same-origin', signal });
    return ok && /^application\/wasm$/i.test(headers.get('content-type') ?? '');
  } catch {
    return false; // What is wrong is told when the bytes are asked for.
  }
}

/**
 * Fetches the runtime's WebAssembly.
 *
 * @param device which build it is for
 * @param timeoutMs longest silence of the server, in milliseconds
 * @throws FetchError; RuntimeError for what is not WebAssembly, such as the page that some servers answer with
 */
export async function fetchWasm(url: URL, device: WebDevice, timeoutMs: number): Promise<Uint8Array> {
  const bytes = await fetchBytes(url, {
    timeoutMs,
    timeoutOf: 'silence',
    timeoutName: 'modelTimeoutMs',
    maxBytes: Infinity,
    advice: FETCH_ADVICE,
  });
  if (String.fromCharCode(...bytes.subarray(0, 4)) === '\0asm') return bytes;
  throw new RuntimeError(
    `${url.href} (runtime.${URL_OPTIONS[device]}) is not WebAssembly. Serve the file dist/${WASM_FILES[device]} of the package onnxruntime-web.`,
  );
}
