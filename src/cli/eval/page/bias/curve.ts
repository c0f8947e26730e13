import * as Plot from '@observablehq/plot';
import type { CurveFigures, Misclassification } from '../../../../bias/index.js';
import { chart, COLOURS, plotBase } from '../chart.js';
import { type Child, element } from '../dom.js';
import { CURVE_IMAGES } from '../../curve-images.js';
import type { MeasuredSystems } from './cells.js';

/** One point: a system at one pair of thresholds, or as it was run. */
interface ErrorPoint {
  readonly name: string;
  /** A group, or `all`. */
  readonly of: string;
  readonly coverage: number;
  readonly error: number;
  readonly low: number;
  readonly high: number;
}

/** Wide enough to show the groups side by side. */
const WIDE = 640;

/** Error and quality against coverage: curves of the systems with evidence, and a dot for each as it was run. */
export function curves(systems: MeasuredSystems): Child[] {
  const run = systems.flatMap(({ name, bias }) => points(name, bias));
  const swept = systems.flatMap(({ name, bias }) => (bias.curve?.points ?? []).flatMap((at) => points(name, at)));
  if (run.length === 0) return [];
  const without = systems.filter(({ bias }) => bias.curve === null).map(({ name }) => name);
  return [
    element('h3', {}, 'Error against coverage'),
    errorChart(systems, run, swept),
    swept.length === 0 ? null : qualityChart(systems),
    without.length === 0
      ? null
      : element(
          'p',
          { class: 'soft' },
          `No curve of ${without.join(', ')}: a curve needs the evidence that captioneer eval gathers when it runs a model that ` +
            'writes English (not with --no-gender-evidence).',
        ),
  ];
}

function points(name: string, { overall, groups }: Pick<CurveFigures, 'overall'> & GroupRates): ErrorPoint[] {
  return [['all', overall] as const, ...Object.entries(groups)].flatMap(([of, { errorOfNamed, coverage }]) => {
    if (errorOfNamed.value === null || errorOfNamed.interval === null || coverage.value === null) return [];
    const { low, high } = errorOfNamed.interval;
    return [{ name, of, coverage: coverage.value, error: errorOfNamed.value, low, high }];
  });
}

interface GroupRates {
  readonly groups: Readonly<Record<string, Misclassification>>;
}

function errorChart(systems: MeasuredSystems, run: readonly ErrorPoint[], swept: readonly ErrorPoint[]): HTMLElement {
  const names = systems.map(({ name }) => name);
  const panels = [...new Set(run.map(({ of }) => of))];
  const highest = Math.max(
    ...run.map(({ error, high }) => Math.min(high, 1.5 * error + 0.05)),
    ...swept.map(({ error }) => error),
  );
  return chart(
    (width) => {
      const facet = width < WIDE ? 'fy' : 'fx';
      return Plot.plot({
        ...plotBase(width),
        height: width < WIDE ? 60 + 210 * panels.length : 340,
        marginLeft: 60,
        marginBottom: 45,
        [facet]: { domain: panels, label: null },
        x: { label: 'coverage (%)', percent: true, domain: [0, 100], grid: true, ticks: [0, 25, 50, 75, 100] },
        y: {
          label: 'wrong, of captions that name a gender (%)',
          labelAnchor: 'center',
          labelArrow: 'none',
          percent: true,
          grid: true,
          domain: [0, 100 * highest],
        },
        color: { domain: names, range: COLOURS, legend: names.length > 1 },
        marks: [
          Plot.frame({ stroke: 'currentColor', strokeOpacity: 0.25 }),
          Plot.line(swept, { x: 'coverage', y: 'error', stroke: 'name', strokeWidth: 2, [facet]: 'of' }),
          Plot.link(run, {
            x1: 'coverage',
            x2: 'coverage',
            y1: 'low',
            y2: 'high',
            stroke: 'name',
            strokeWidth: 1.5,
            clip: true,
            [facet]: 'of',
          }),
          Plot.dot(run, { x: 'coverage', y: 'error', fill: 'name', r: 5, [facet]: 'of', title: tip }),
        ],
      });
    },
    'Each panel is of the images with one label. Coverage: the share of captions that name a group. Lower and further right is better, and a ' +
      'system should be equally good in all panels. Dots: the systems as they were run, with intervals.' +
      (swept.length > 0
        ? ' Lines: what each model would say if it named a gender only from some evidence on, as --gender confident does, for all ' +
          `thresholds; points of fewer than ${CURVE_IMAGES} captions are left out. The thresholds have equal distances from the middle ` +
          'between the evidence for women and for men, which is found on these images: measure a threshold that you choose here on others.'
        : ''),
  );
}

function tip({ name, of, error, coverage }: ErrorPoint): string {
  return `${name}, ${of}: ${(100 * error).toFixed(1)} % wrong at ${(100 * coverage).toFixed(1)} % coverage`;
}

function qualityChart(systems: MeasuredSystems): HTMLElement {
  const names = systems.map(({ name }) => name);
  const quality = (name: string, figures: CurveFigures | null) => {
    if (figures?.neutralCiderD == null || figures.overall.coverage.value === null) return [];
    return [{ name, coverage: figures.overall.coverage.value, ciderD: figures.neutralCiderD.estimate }];
  };
  const swept = systems.flatMap(({ name, bias }) => (bias.curve?.points ?? []).flatMap((at) => quality(name, at)));
  const run = systems.flatMap(({ name, bias }) => quality(name, bias.curve?.asRun ?? null));
  return chart(
    (width) =>
      Plot.plot({
        ...plotBase(width),
        height: 300,
        marginLeft: 50,
        marginBottom: 45,
        x: { label: 'coverage (%)', percent: true, domain: [0, 100], grid: true },
        y: { label: 'CIDEr-D, gender words neutralised', grid: true, nice: true },
        color: { domain: names, range: COLOURS, legend: names.length > 1 },
        marks: [
          Plot.line(swept, { x: 'coverage', y: 'ciderD', stroke: 'name', strokeWidth: 2 }),
          Plot.dot(run, { x: 'coverage', y: 'ciderD', fill: 'name', r: 5 }),
        ],
      }),
    'Quality against coverage on the same thresholds: CIDEr-D of the labelled images, gender words neutralised in captions and references. ' +
      'A flat line means that leaving gender out costs no quality. The axis does not begin at 0.',
  );
}
