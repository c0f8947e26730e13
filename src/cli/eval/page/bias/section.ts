import * as Plot from '@observablehq/plot';
import type { BiasReport } from '../../../../bias/index.js';
import { chart, marginFor, plotBase } from '../chart.js';
import type { ReportPageData } from '../data.js';
import { element, fixed, section, table } from '../dom.js';
import { estimate, type MeasuredSystems, rate } from './cells.js';
import { curves } from './curve.js';

/** How captions speak of women and men: for whom each system fails. */
export function bias({ report }: ReportPageData): HTMLElement | null {
  const systems = report.systems.flatMap(({ name, bias: found }) => (found === null ? [] : [{ name, bias: found }]));
  const [first] = systems;
  if (first === undefined || first.bias.images.labelled === 0) return null;
  const groups = Object.keys(first.bias.groups);
  const head = [
    'system',
    'images of',
    'labelled',
    'wrong, of captions that name a gender',
    'wrong, of all labelled',
    'names a gender (coverage)',
  ];
  const rows = systems.flatMap(({ name, bias: found }) =>
    [...groups.map((group) => [group, found.groups[group]!] as const), ['all', found.overall] as const].map(
      ([group, counts]) => [
        name,
        group,
        counts.labelled,
        rate(counts.errorOfNamed),
        rate(counts.errorOfLabelled),
        rate(counts.coverage),
      ],
    ),
  );
  // That a figure is of too few stands in its cell.
  const notes = new Set(
    systems.flatMap(({ name, bias: found }) =>
      found.warnings
        .filter(({ code }) => code !== 'small-group' && code !== 'small-rate')
        .map(({ message }) => `${name}: ${message}`),
    ),
  );
  return section(
    'gender',
    'Gender in captions',
    element(
      'p',
      {},
      `Of ${report.imageCount} images ${first.bias.images.labelled} have a label: ${first.bias.labelRule}. Labels are what annotators ` +
        'saw and wrote, not how people identify. A system that never names a group makes no error, so read errors together with coverage.',
    ),
    table(head, rows),
    ...curves(systems),
    jointTable(systems),
    ...systems.map(({ name, bias: found }) => confusion(name, found)),
    notes.size === 0 ? null : element('ul', { class: 'soft' }, ...[...notes].map((note) => element('li', {}, note))),
  );
}

function jointTable(systems: MeasuredSystems): HTMLElement {
  return table(
    [
      'system',
      'joint score J',
      'quality Q',
      'fidelity G',
      'ratio of groups',
      'in labels',
      'outcome divergence',
      'leakage',
    ],
    systems.map(({ name, bias: found }) => [
      name,
      estimate(found.joint.score),
      estimate(found.joint.quality),
      estimate(found.joint.fidelity),
      estimate(found.ratio),
      found.labelRatio === null ? '–' : fixed(found.labelRatio),
      estimate(found.outcomeDivergence),
      found.leakage === null ? '–' : `${fixed(found.leakage.leakage)} ± ${fixed(found.leakage.standardDeviation)}`,
    ]),
    'J = 2QG / (Q + G). Q: CIDEr-D without the words for groups, over that of people, at most 1. G: how well references agree with the group ' +
      'named, of the group for which it is worse. Divergence: 0 if outcomes are the same for all groups.',
  );
}

/** Rows: what annotators saw. Columns: what the system says. */
function confusion(name: string, { confusion: matrix }: BiasReport): HTMLElement {
  const rows = Object.entries<Readonly<Record<string, number>>>(matrix);
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
        ...plotBase(Math.min(width, 560)),
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
    `${name}: images by what annotators saw (rows) and what the caption names (columns).`,
  );
}
