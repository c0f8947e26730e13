import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bytesAsSource, externalFiles } from '../../src/onnx/index.js';
import { message, type Field } from './message.js';

const entry = (key: string, value: string): Field => [13, message([1, key], [2, value])];
const external = (file: string): Uint8Array =>
  message([1, 3], [8, 'w'], [9, new Uint8Array(100_000)], entry('location', file), entry('offset', '0'), [14, 1]);
const inAttribute = (field: number, content: Uint8Array): Uint8Array =>
  message([1, message([5, message([field, content])])]);
const sparse = (file: string): Uint8Array => message([1, external(file)]);

const find = (bytes: Uint8Array): string[] => externalFiles(bytesAsSource(bytes));
const bytesOf = (path: string): Uint8Array => new Uint8Array(readFileSync(new URL(`../../${path}`, import.meta.url)));

describe('files that a graph takes tensors from', () => {
  test('are found in real graphs', () => {
    expect(find(bytesOf('test/fixtures/graphs/external.onnx'))).toEqual(['external.onnx_data']);
    expect(find(bytesOf('test/fixtures/graphs/merged.onnx'))).toEqual([]);
    expect(find(bytesOf('models/default/decoder.onnx'))).toEqual([]);
  });

  test.each([
    ['an initializer', message([7, message([5, external('x')])])],
    ['a sparse initializer', message([7, message([15, sparse('x')])])],
    ['a constant', message([7, inAttribute(5, external('x'))])],
    ['a list of constants', message([7, inAttribute(10, external('x'))])],
    ['a sparse constant', message([7, inAttribute(22, sparse('x'))])],
    ['a branch', message([7, inAttribute(6, message([5, external('x')]))])],
    ['a list of branches', message([7, inAttribute(11, message([5, external('x')]))])],
    ['a branch of a branch', message([7, inAttribute(6, inAttribute(6, message([5, external('x')])))])],
    ['a function', message([25, message([7, message([5, message([5, external('x')])])])])],
    ['a training graph', message([20, message([1, message([5, external('x')])])])],
    ['a second part of the graph', message([7, message([2, 'g'])], [7, message([5, external('x')])])],
  ])('are found in %s', (_, model) => {
    expect(find(model)).toEqual(['x']);
  });

  test('where a tensor has its content itself, the entries do not count', () => {
    const own = message([13, message([1, 'location'], [2, 'x'])], [14, 0]);
    expect(find(message([7, message([5, own])]))).toEqual([]);
  });

  test.each([
    ['cut short', bytesOf('models/default/encoder.onnx').subarray(0, 50_000)],
    ['a text', new TextEncoder().encode('<!doctype html><p>not a graph</p>')],
    ['nested too deeply', Array.from({ length: 200 }).reduce<Uint8Array>((inner) => inAttribute(6, inner), message())],
    ['a number without end', new Uint8Array(20).fill(255)],
    ["ONNX Runtime's own format", new TextEncoder().encode('....ORTM....')],
  ])('%s is an error', (_, bytes) => {
    const model = _ === 'nested too deeply' ? message([7, bytes]) : bytes;
    expect(() => find(model)).toThrow();
  });

  test('a file is not read whole', () => {
    let bytesRead = 0;
    const large = message([7, message([5, message([9, new Uint8Array(500_000)], entry('location', 'z'), [14, 1])])]);
    const counted = {
      size: large.length,
      read: (at: number, n: number) => ((bytesRead += n), large.subarray(at, at + n)),
    };
    expect(externalFiles(counted)).toEqual(['z']);
    expect(bytesRead).toBeLessThan(200_000);
  });
});
