/** How often something came, and how often it should. */
interface Expected {
  readonly key: string;
  readonly probability: number;
}

/**
 * Pearson's chi-squared statistic as a number of standard deviations from its mean, which is 0 where counts follow the
 * probabilities. Outcomes expected fewer than 5 times are put together.
 */
export function chiSquared(counts: ReadonlyMap<string, number>, expected: readonly Expected[]): number {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const known = new Set(expected.filter(({ probability }) => probability > 0).map(({ key }) => key));
  if ([...counts.keys()].some((key) => !known.has(key))) return Infinity; // what cannot come has come
  const bins: { count: number; mean: number }[] = [];
  const rest = { count: 0, mean: 0 };
  for (const { key, probability } of expected) {
    const bin = { count: counts.get(key) ?? 0, mean: probability * total };
    if (bin.mean >= 5) bins.push(bin);
    else {
      rest.count += bin.count;
      rest.mean += bin.mean;
    }
  }
  if (rest.mean > 0) bins.push(rest);
  const statistic = bins.reduce((sum, { count, mean }) => sum + (count - mean) ** 2 / mean, 0);
  const freedom = Math.max(1, bins.length - 1);
  // Wilson and Hilferty: the cube root of chi-squared over its degrees of freedom is nearly normal.
  const variance = 2 / (9 * freedom);
  return (Math.cbrt(statistic / freedom) - (1 - variance)) / Math.sqrt(variance);
}

/** Counts that follow the probabilities exceed it once in thirty thousand draws; seeds are fixed, so a pass stays one. */
export const CHI_SQUARED_LIMIT = 4;
