import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { float32Tensor } from '../../src/core/index.js';
import { gatherRows } from '../../src/numerics/gather-rows.js';
import { rowMover } from '../../src/numerics/move-rows.js';

const WIDTH = 3;
const rowsOf = (rows: number) =>
  float32Tensor(
    Float32Array.from({ length: rows * WIDTH }, (_, i) => i),
    [rows, WIDTH],
  );

describe('rowMover', () => {
  it('gives what gatherRows gives, however rows are copied, swapped, dropped or moved in circles', () => {
    const parents = fc
      .integer({ min: 1, max: 7 })
      .chain((rows) => fc.tuple(fc.constant(rows), fc.array(fc.nat(rows - 1), { minLength: 1, maxLength: 9 })));
    fc.assert(
      fc.property(parents, ([rows, of]) => {
        const expected = gatherRows(rowsOf(rows), of);
        const move = rowMover(of);
        expect(move(rowsOf(rows))).toEqual(expected);
        expect(move(rowsOf(rows)), 'once more').toEqual(expected);
      }),
      { numRuns: 500, examples: [[[4, [1, 0, 3, 2]]], [[5, [1, 2, 0, 4, 3]]], [[4, [0, 0, 1, 2]]]] },
    );
  });

  it('stays in the memory of the tensor, and leaves alone what stays', () => {
    const tensor = rowsOf(4);
    const writes: number[] = [];
    tensor.data.copyWithin = (to) => (writes.push(to / WIDTH), tensor.data);
    expect(rowMover([0, 1, 1, 3])(tensor).data.buffer).toBe(tensor.data.buffer);
    expect(writes).toEqual([2]);
  });
});
