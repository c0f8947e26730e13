import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { modelFilesFromBuffers } from '../../../src/core/model-buffers.js';
import { failure } from './support.js';

describe('modelFilesFromBuffers', () => {
  test('reads what it was given, without copying', async () => {
    const bytes = new Uint8Array([1, 2, 3]);
    const files = modelFilesFromBuffers({ 'captioneer.json': bytes, 'onnx/a.onnx': bytes.buffer });
    expect(files.location).toBe('memory');
    expect(await files.read('captioneer.json')).toBe(bytes);
    expect((await files.read('onnx/a.onnx')).buffer).toBe(bytes.buffer);
  });

  test('a name that is not there', async () => {
    const error = await failure(modelFilesFromBuffers({ 'a.json': new Uint8Array(1) }).read('b.json'));
    expect(error).toMatchObject({ name: 'ModelFileError', file: 'b.json' });
    expect(error.message).toMatch(/has no "b\.json"; it has a\.json/);
    expect((await failure(modelFilesFromBuffers({}).read('toString'))).message).toMatch(/it has no files/);
  });

  test('values that are not bytes', () => {
    expect(() => modelFilesFromBuffers({ 'a.json': '{}' as never })).toThrow(
      /"a\.json" must be a Uint8Array or an ArrayBuffer/,
    );
    expect(() => modelFilesFromBuffers({ 'a.json': new Float32Array(1) as never })).toThrow(/not Float32Array/);
  });

  test('bytes from another realm', async () => {
    const foreign = runInNewContext('({ view: new Uint8Array([7]), buffer: new Uint8Array([8]).buffer })') as never;
    const files = modelFilesFromBuffers(foreign);
    expect([...(await files.read('view')), ...(await files.read('buffer'))]).toEqual([7, 8]);
  });

  test('an abort reason comes back untouched', async () => {
    const files = modelFilesFromBuffers({ a: new Uint8Array(1) });
    expect(await failure(files.read('a', AbortSignal.abort('enough')))).toBe('enough');
  });
});
