/** The value below which a share of the numbers lies, by the nearest rank. */
export function quantile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** All of them together. */
export const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

export const median = (numbers) => quantile(numbers, 0.5);

/** Median and 95th percentile in milliseconds, as a table shows them. */
export const spread = (numbers) => `${median(numbers).toFixed(1)} (p95 ${quantile(numbers, 0.95).toFixed(1)})`;

/** Prints rows of cells, the columns aligned. */
export function printTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    );
}
