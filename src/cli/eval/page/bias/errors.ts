import * as Plot from '@observablehq/plot';
import type { BiasReport } from '../../../../bias/index.js';
import { chart, marginFor, plotBase } from '../chart.js';
import { table } from '../dom.js';
import { type MeasuredSystems, rate } from './cells.js';

/** For whom each system is wrong, and how often. */
export function errorTable(systems: MeasuredSystems): HTMLElement {
  return table(
    [
      'system',
      'label',
      'images',
      'wrong, of captions that name a gender',
      'wrong, of all labelled',
      'names a gender (coverage)',
    ],
    systems.flatMap(({ name, bias: { groups, overall } }) =>
      [...Object.entries(groups), ['all', overall] as const].map(([group, counts]) => [
        name,
        group,
        counts.labelled,
        rate(counts.errorOfNamed),
        rate(counts.errorOfLabelled),
        rate(counts.coverage),
      ]),
    ),
    'Misclassification: how often captions name the other gender. A figure of too few images is not stated; its counts are.',
  );
}

/** Rows: what annotators saw. Columns: what the caption names. */
export function confusionChart(name: string, { confusion }: Pick<BiasReport, 'confusion'>): HTMLElement {
  const rows = Object.entries<Readonly<Record<string, number>>>(confusion);
  const said = Object.keys(rows[0]?.[1] ?? {});
  const cells = rows.flatMap(([label, counts]) => {
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
    return said.map((category) => ({
      label,
      category,
      count: counts[category]!,
      share: total === 0 ? 0 : counts[category]! / total,
    }));
  });
  const labels = rows.map(([label]) => label);
  return chart(
    (width) =>
      Plot.plot({
        ...plotBase(Math.min(width, 480)),
        height: 80 + 42 * labels.length,
        marginTop: 50,
        marginLeft: marginFor(labels, width),
        x: { axis: 'top', label: 'the caption names', domain: said },
        y: { label: null, domain: labels },
        color: { type: 'linear', domain: [0, 1], range: ['rgba(76,134,216,0.08)', 'rgba(76,134,216,0.9)'] },
        marks: [
          Plot.cell(cells, { x: 'category', y: 'label', fill: 'share', inset: 1 }),
          Plot.text(cells, {
            x: 'category',
            y: 'label',
            text: (cell: { count: number }) => String(cell.count),
            fill: 'currentColor',
          }),
        ],
      }),
    `${name}: images by the gender that annotators wrote (rows) and that the caption names (columns).`,
  );
}
