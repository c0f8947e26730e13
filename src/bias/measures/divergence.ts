/**
 * Jensen-Shannon divergence of two distributions, given as counts, in bits: 0 for the same, 1 for disjoint ones.
 *
 * @returns null if one of them counts nothing
 */
export function jensenShannonDivergence(a: readonly number[], b: readonly number[]): number | null {
  const totalA = sum(a);
  const totalB = sum(b);
  if (totalA === 0 || totalB === 0) return null;
  let divergence = 0;
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const p = (a[i] ?? 0) / totalA;
    const q = (b[i] ?? 0) / totalB;
    const mean = (p + q) / 2;
    divergence += (term(p, mean) + term(q, mean)) / 2;
  }
  return Math.min(1, Math.max(0, divergence));
}

/** `p · log2(p / mean)`, 0 for p = 0. */
function term(p: number, mean: number): number {
  return p === 0 ? 0 : p * Math.log2(p / mean);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
