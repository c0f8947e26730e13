import * as Plot from '@observablehq/plot';
import type { BiasReport, Misclassification } from '../../../bias/index.js';
import type { BootstrapEstimate } from '../../../metrics/index.js';
import { chart, COLOURS, marginFor, plotBase } from './chart.js';
import type { ReportPageData } from './data.js';
import { type Child, element, fixed, percent, section, table } from './dom.js';

type Rate = Misclassification['coverage'];

/** A share with its counts and interval; what is too small to state is not stated. */
function rate({ value, count, total, interval }: Rate): Child {
  const counts = `${count} of ${total}`;
  if (value === null || interval === null)
    return element('span', { class: 'soft' }, 'too few', element('span', { class: 'interval' }, counts));
  const range = `${percent(interval.low)} – ${percent(interval.high)}`;
  return element('span', {}, percent(value), element('span', { class: 'interval' }, `${range}; ${counts}`));
}

function estimate(value: BootstrapEstimate | null): Child {
  if (value === null) return element('span', { class: 'soft' }, 'too few');
  return element(
    'span',
    {},
    fixed(value.estimate),
    element('span', { class: 'interval' }, `${fixed(value.low)} – ${fixed(value.high)}`),
  );
}

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
    errorAgainstCoverage(systems, groups),
    jointTable(systems),
    ...systems.map(({ name, bias: found }) => confusion(name, found)),
    notes.size === 0 ? null : element('ul', { class: 'soft' }, ...[...notes].map((note) => element('li', {}, note))),
  );
}

type Named = readonly { readonly name: string; readonly bias: BiasReport }[];

function errorAgainstCoverage(systems: Named, groups: readonly string[]): HTMLElement | null {
  const rows = systems.flatMap(({ name, bias: found }) =>
    groups.flatMap((group) => {
      const { errorOfNamed, coverage } = found.groups[group]!;
      if (errorOfNamed.value === null || errorOfNamed.interval === null || coverage.value === null) return [];
      const { low, high } = errorOfNamed.interval;
      return [{ name, group, error: errorOfNamed.value, low, high, coverage: coverage.value }];
    }),
  );
  if (rows.length === 0) return null;
  const names = systems.map(({ name }) => name);
  return chart(
    (width) =>
      Plot.plot({
        ...plotBase(width),
        height: 340,
        marginLeft: 50,
        marginBottom: 45,
        x: { label: 'coverage: share of captions that name a group', percent: true, domain: [0, 100], grid: true },
        y: {
          label: 'wrong, of those',
          percent: true,
          grid: true,
          domain: [0, 100 * Math.max(...rows.map(({ high }) => high))],
        },
        color: { domain: names, range: COLOURS, legend: true },
        symbol: { legend: true },
        marks: [
          Plot.link(rows, { x1: 'coverage', x2: 'coverage', y1: 'low', y2: 'high', stroke: 'name', strokeWidth: 2 }),
          Plot.dot(rows, { x: 'coverage', y: 'error', stroke: 'name', symbol: 'group', r: 6, strokeWidth: 2 }),
        ],
      }),
    'Error against coverage, for each group: lower and further right is better, and the groups of one system should have the same error. A dot is a system as ' +
      'it was run; run one model with several --gender settings to see its curve.',
  );
}

function jointTable(systems: Named): HTMLElement {
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
