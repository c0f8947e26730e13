/** @typedef {{ label: 'male' | 'female', logOdds: number, male: string, female: string }} Row what a caption names if it may */

/** By label: how many captions name one gender, and how many the wrong one. */
export function countNamed(rows, categoryOf) {
  const counts = { male: { wrong: 0, named: 0 }, female: { wrong: 0, named: 0 } };
  for (const row of rows) {
    const said = categoryOf(row);
    if (said !== 'male' && said !== 'female') continue;
    counts[row.label].named++;
    if (said !== row.label) counts[row.label].wrong++;
  }
  return counts;
}

export function sumCounts(a, b) {
  const sum = (label) => ({ wrong: a[label].wrong + b[label].wrong, named: a[label].named + b[label].named });
  return { male: sum('male'), female: sum('female') };
}

/** Counts of `confident` at thresholds. */
export function countsAt(rows, { male, female }) {
  return countNamed(rows, (row) => {
    if (row.logOdds >= male) return row.male;
    return row.logOdds <= female ? row.female : undefined;
  });
}

/**
 * The thresholds of the largest coverage that keep to an error over all and in each group, on a grid of 0.05 nats.
 *
 * @param {readonly Row[]} rows
 * @returns {{ male: number, female: number } | undefined} undefined if no thresholds do
 */
export function chooseThresholds(rows, mostError = 0.055, mostGroupError = 0.075) {
  const grid = (from, to) =>
    Array.from({ length: (to - from) * 20 + 1 }, (_, index) => Number((from + index / 20).toFixed(2)));
  // What may be called male depends on one threshold only, and what female on the other.
  const men = grid(0, 5).map((male) => ({
    male,
    counts: countNamed(rows, (row) => (row.logOdds >= male ? row.male : '')),
  }));
  const women = grid(-4, 3).map((female) => ({
    female,
    counts: countNamed(rows, (row) => (row.logOdds <= female ? row.female : '')),
  }));
  let best = { named: 0, thresholds: undefined };
  for (const { male, counts: a } of men) {
    for (const { female, counts: b } of women) {
      if (female >= male) break;
      const counts = sumCounts(a, b);
      const named = counts.male.named + counts.female.named;
      const isKept =
        counts.male.wrong + counts.female.wrong <= mostError * named &&
        counts.male.wrong <= mostGroupError * counts.male.named &&
        counts.female.wrong <= mostGroupError * counts.female.named;
      if (isKept && named > best.named) best = { named, thresholds: { male, female } };
    }
  }
  return best.thresholds;
}
