import { afterEach, expect, test, vi } from 'vitest';
import { nodePlatform } from '../../../src/adapters/node/index.js';
import { failure, picture } from './support.js';

function notFound(): never {
  throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
}

afterEach(() => {
  vi.doUnmock('sharp');
  vi.doUnmock('onnxruntime-node');
});

test('without sharp, picture files ask for it; raw pixels do without', async () => {
  vi.doMock('sharp', notFound);
  const error = await failure(nodePlatform().decodeImage(picture('quarters.jpg')));
  expect(error.name).toBe('RuntimeError');
  expect(error.message).toContain('npm install sharp');
  expect(error.cause).toBeInstanceOf(Error);
  const pixels = { data: new Uint8Array(3), width: 1, height: 1 };
  expect((await nodePlatform().decodeImage(pixels)).width).toBe(1);
});

test('without onnxruntime-node, sessions ask for it', async () => {
  vi.doMock('onnxruntime-node', notFound);
  const error = await failure(nodePlatform().createSession(new Uint8Array(8), 'encoder.onnx'));
  expect(error.name).toBe('RuntimeError');
  expect(error.message).toContain('install captioneer again');
});
