import { describe, expect, it } from 'vitest';
import { expOfNegative } from '../../src/search/numerics/exp-of-negative.js';

describe('expOfNegative', () => {
  it('equals Math.exp to 3e-12', () => {
    let worst = 0;
    for (let x = 0; x > -699.9; x -= 0.00317) worst = Math.max(worst, Math.abs(expOfNegative(x) / Math.exp(x) - 1));
    expect(worst).toBeLessThan(3e-12);
    for (const x of [0, -0, -Number.MIN_VALUE, -1e-9, -Math.LN2, -Math.LN2 / 256, -700]) {
      expect(Math.abs(expOfNegative(x) / Math.exp(x) - 1)).toBeLessThan(3e-12);
    }
  });

  it('is 0 far below and NaN for NaN', () => {
    expect([-701, -1e9, -Infinity].map(expOfNegative)).toEqual([0, 0, 0]);
    expect(expOfNegative(NaN)).toBeNaN();
  });
});
