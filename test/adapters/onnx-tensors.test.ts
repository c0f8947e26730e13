import { expect, test } from 'vitest';
import { tensorInfos } from '../../src/adapters/shared/runtime/onnx-tensors.js';

test('a size without a name is open, also as WebAssembly tells it', () => {
  const value = (shape: readonly (number | string)[]) =>
    ({ isTensor: true, name: 'x', type: 'float32', shape }) as const;
  const dims = [value(['', 1, 'batch']), value([4294967295, 1, -1, 0])].map((one) => tensorInfos([one])[0]!.dims);
  expect(dims).toEqual([
    ['', 1, 'batch'],
    ['', 1, '', 0],
  ]);
});
