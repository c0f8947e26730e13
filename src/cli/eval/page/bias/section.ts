import type { EvalReport } from '../../measure-bias.js';
import { type Child, element, section } from '../dom.js';
import type { MeasuredSystems } from './cells.js';
import { curves } from './curve.js';
import { biasDifferences } from './differences.js';
import { confusionChart, errorTable } from './errors.js';
import { confidenceTable, disparityTable, jointTable } from './figures.js';

/** How captions speak of women and men: for whom each system fails. */
export function bias(report: EvalReport): HTMLElement | null {
  const systems = report.systems.flatMap(({ name, bias: found }) => (found === null ? [] : [{ name, bias: found }]));
  const [first] = systems;
  if (first === undefined) return null;
  const { images, labelRule } = first.bias;
  if (images.labelled === 0) {
    return genderSection(
      element(
        'p',
        {},
        `No figures: none of the ${images.all} images has a label. An image gets a label if ${labelRule}. References that do not mention ` +
          'women or men, or fewer than three references for an image, give no labels.',
      ),
    );
  }
  return genderSection(
    element(
      'p',
      {},
      `${images.labelled} of ${images.all} images have a label: ${labelRule}. A label is the gender that annotators perceived and wrote ` +
        'down; it is not how a person identifies. A system that never names a gender makes no error, so read errors together with coverage.',
    ),
    notes(systems),
    errorTable(systems),
    ...curves(systems),
    element('h3', {}, 'Quality, fidelity and differences between groups'),
    jointTable(systems),
    disparityTable(systems),
    confidenceTable(systems),
    biasDifferences(report),
    element('h3', {}, 'What captions name'),
    element('div', { class: 'charts' }, ...systems.map(({ name, bias: found }) => confusionChart(name, found))),
  );
}

function genderSection(...children: readonly Child[]): HTMLElement {
  return section('gender', 'Gender in captions', ...children);
}

/** Warnings, each once with the systems it is about. */
function notes(systems: MeasuredSystems): HTMLElement | null {
  const named = new Map<string, string[]>();
  for (const { name, bias: found } of systems) {
    for (const { message } of found.warnings) named.set(message, [...(named.get(message) ?? []), name]);
  }
  if (named.size === 0) return null;
  const lines = [...named].map(([message, names]) =>
    element('li', {}, names.length === systems.length ? message : `${names.join(', ')}: ${message}`),
  );
  return element('div', { class: 'warnings' }, element('ul', {}, ...lines));
}
