import * as Plot from '@observablehq/plot';
import type { EvaluationReport, MetricName } from '../../../evaluation/index.js';
import { chart, COLOURS, marginFor, plotBase } from './chart.js';
import { element, section } from './dom.js';
import { METRIC_LABELS } from './summary.js';

export function scoreCharts(report: EvaluationReport): HTMLElement {
  const holder = element('div');
  const show = (metric: MetricName): void =>
    holder.replaceChildren(
      scores(report, metric),
      ...(report.comparisons.length > 0 ? [differences(report, metric)] : []),
    );
  const select = element('select', {
    'aria-label': 'metric',
    onchange: (event) => show((event.target as HTMLSelectElement).value as MetricName),
  });
  for (const [metric, label] of Object.entries(METRIC_LABELS)) {
    select.append(element('option', { value: metric, selected: metric === 'ciderD' }, label));
  }
  show('ciderD');
  return section('charts', 'Scores with intervals', element('div', { class: 'controls' }, 'Metric', select), holder);
}

function scores({ systems }: EvaluationReport, metric: MetricName): HTMLElement {
  const names = systems.map(({ name }) => name);
  const rows = systems.map(({ name, scores: found }) => ({ name, ...found[metric] }));
  return chart(
    (width) =>
      Plot.plot({
        ...plotBase(width),
        height: 70 + 34 * rows.length,
        marginBottom: 45,
        marginLeft: marginFor(names, width),
        x: { label: METRIC_LABELS[metric], grid: true, nice: true },
        y: { label: null, domain: names },
        color: { domain: names, range: COLOURS },
        marks: [
          Plot.ruleY(rows, { y: 'name', x1: 'low', x2: 'high', stroke: 'name', strokeWidth: 3 }),
          Plot.dot(rows, { y: 'name', x: 'estimate', fill: 'name', r: 6 }),
        ],
      }),
    `${METRIC_LABELS[metric]} of each system with its interval.`,
  );
}

function differences({ comparisons }: EvaluationReport, metric: MetricName): HTMLElement {
  const rows = comparisons.map(({ a, b, differences: found }) => ({ pair: `${a} − ${b}`, ...found[metric] }));
  return chart(
    (width) =>
      Plot.plot({
        ...plotBase(width),
        height: 70 + 30 * rows.length,
        marginBottom: 45,
        marginLeft: marginFor(
          rows.map(({ pair }) => pair),
          width,
        ),
        x: { label: `difference of ${METRIC_LABELS[metric]}`, grid: true, nice: true },
        y: { label: null, domain: rows.map(({ pair }) => pair) },
        marks: [
          Plot.ruleX([0], { stroke: 'currentColor' }),
          Plot.ruleY(rows, { y: 'pair', x1: 'low', x2: 'high', stroke: COLOURS[0]!, strokeWidth: 3 }),
          Plot.dot(rows, { y: 'pair', x: 'estimate', fill: COLOURS[0]!, r: 5 }),
        ],
      }),
    'Differences on the same images: left of 0 the second system of the pair is better, right of 0 the first. An interval that includes 0 shows no difference.',
  );
}

export function distributions(report: EvaluationReport, extra: HTMLElement): HTMLElement {
  const names = report.systems.map(({ name }) => name);
  const perImage = report.images.flatMap(({ scores: found }) =>
    found.map(({ ciderD }, i) => ({ name: names[i]!, ciderD })),
  );
  const lengths = report.systems.flatMap(({ name, vocabulary }) =>
    vocabulary.length.histogram.map((count, length) => ({ name, length, share: count / vocabulary.captions })),
  );
  return section(
    'words',
    'Scores of single images, length and vocabulary',
    chart(
      (width) =>
        Plot.plot({
          ...plotBase(width),
          height: 70 + 44 * names.length,
          marginBottom: 45,
          marginLeft: marginFor(names, width),
          x: { label: 'CIDEr-D of one image', grid: true },
          y: { label: null, domain: names },
          color: { domain: names, range: COLOURS },
          marks: [
            Plot.boxX(perImage, {
              x: 'ciderD',
              y: 'name',
              fill: 'name',
              fillOpacity: 0.5,
              stroke: 'currentColor',
              r: 1.5,
            }),
          ],
        }),
      'CIDEr-D of single images. The box holds the middle half of the images; the line is the median.',
    ),
    chart(
      (width) =>
        Plot.plot({
          ...plotBase(width),
          height: 280,
          marginBottom: 45,
          x: { label: 'words in a caption' },
          y: { label: 'share of captions (%)', grid: true, percent: true },
          color: { domain: names, range: COLOURS, legend: names.length > 1 },
          marks: [
            Plot.ruleY([0]),
            Plot.lineY(lengths, { x: 'length', y: 'share', stroke: 'name', strokeWidth: 2 }),
            Plot.dot(lengths, { x: 'length', y: 'share', fill: 'name', r: 2.5 }),
          ],
        }),
      'Length of captions in words.',
    ),
    extra,
  );
}
