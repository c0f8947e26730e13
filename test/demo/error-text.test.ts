import { expect, test } from 'vitest';
import { errorText } from '../../demo/src/state/error-text.js';
import { FetchError, ModelFileError, RuntimeError } from '../../src/core/index.js';
import { fromErrorMessage, toErrorMessage } from '../../src/worker/error-message.js';

test('a model that the hub does not have is not taken for a broken network', () => {
  const refused = new FetchError('https://huggingface.co/a/b', 'https://huggingface.co/a/b: 404.', { status: 404 });
  expect(errorText(refused)).toMatch(/no such model.*owner\/name/);
  const broken = new FetchError('https://huggingface.co/a/b', 'https://huggingface.co/a/b: no answer.');
  expect(errorText(broken)).toMatch(/^The download stopped\. Check the network/);
});

test('a full disk is not taken for a damaged model', () => {
  const cause = new DOMException('Quota exceeded.', 'QuotaExceededError');
  const full = new ModelFileError('encoder.onnx', 'encoder.onnx: the browser did not keep 5 bytes.', { cause });
  expect(errorText(full)).toMatch(/no room left for the model/);
  expect(errorText(fromErrorMessage(toErrorMessage(full)))).toBe(errorText(full)); // as it comes from the worker
});

test.each([
  ['This page may not run WebAssembly (CompileError: …). If it has a policy, allow it.', /turned off, or an extension/],
  ['The WebAssembly of this browser has no SIMD, which ONNX Runtime needs.', /WebAssembly with SIMD.*Update it/],
  [
    'ONNX Runtime did not start (no available backend found. ERR: [wasm] TypeError: Failed to fetch). Serve its file ort-wasm-simd-threaded.wasm.',
    /could not be loaded\. Check the network/,
  ],
  ['encoder.onnx: the graph failed while it ran (out of memory).', /^encoder\.onnx: the graph failed/],
])('of the runtime: %s', (message, expected) => {
  expect(errorText(new RuntimeError(message))).toMatch(expected);
});
