import type { BiasAmplification } from '../../../../bias/index.js';
import type { BootstrapEstimate } from '../../../../metrics/index.js';
import { type Child, element, fixed, table } from '../dom.js';
import { estimate, type MeasuredSystems, rate, signedEstimate } from './cells.js';

/** Quality and fidelity, alone and together. */
export function jointTable(systems: MeasuredSystems): HTMLElement {
  const groups = Object.keys(systems[0]!.bias.groups);
  return table(
    [
      'system',
      'joint score J',
      'quality Q',
      'fidelity G',
      ...groups.map((group) => `fidelity, ${group}`),
      'CIDEr-D, neutralised',
      'the same of people',
    ],
    systems.map(({ name, bias: { joint, fidelity, neutralCiderD } }) => [
      name,
      estimate(joint.score),
      estimate(joint.quality),
      estimate(joint.fidelity),
      ...Object.values(fidelity).map(estimate),
      estimate(neutralCiderD.captions),
      estimate(neutralCiderD.people),
    ]),
    'Quality and fidelity together. J = 2QG / (Q + G), 0 to 1. Q: CIDEr-D with gender words neutralised, divided by that of people, at most ' +
      '1. Fidelity of an image: how many references speak of gender as the caption does, divided by the most that agree; −1 if the caption names ' +
      'the other group. G: the mean fidelity of the group for which it is lower, at least 0.',
  );
}

/** How outcomes, and what else is said, differ between groups. */
export function disparityTable(systems: MeasuredSystems): HTMLElement {
  return table(
    [
      'system',
      'female / male in captions',
      'in labels',
      'difference',
      'outcome divergence',
      'leakage',
      'amplification, undirected',
      'gender → word',
      'word → gender',
    ],
    systems.map(({ name, bias: { ratio, labelRatio, ratioDeviation, outcomeDivergence, leakage, amplification } }) => [
      name,
      estimate(ratio),
      labelRatio === null ? '–' : fixed(labelRatio),
      signedEstimate(ratioDeviation),
      estimate(outcomeDivergence),
      leakage === null
        ? '–'
        : cell(
            `${fixed(leakage.leakage)} ± ${fixed(leakage.standardDeviation)}`,
            `${leakage.imagesPerGroup} images each`,
          ),
      amplified(amplification, amplification.undirectedInterval),
      amplified(amplification, amplification.groupToWord.interval),
      amplified(amplification, amplification.wordToGroup.interval),
    ]),
    'Differences between groups. Ratio: how often captions of labelled images name each group; difference: ratio of labels less that of ' +
      'captions, above 0 if captions name the second group too rarely. Outcome divergence (Jensen-Shannon): 0 if correct, wrong and other are ' +
      'equally frequent for all groups. Leakage: how much more than people’s captions the other words of a caption give the gender away. ' +
      'Amplification (Zhao et al. 2017; Wang and Russakovsky 2021): above 0 if captions tie words such as "kitchen" to a gender more than ' +
      'people do.',
  );
}

function amplified({ words, images }: BiasAmplification, interval: BootstrapEstimate | null): Child {
  const counts = `${words.length} word${words.length === 1 ? '' : 's'}, ${images} images`;
  if (interval === null) return cell('–', counts);
  return element('span', {}, signedEstimate(interval), element('span', { class: 'interval' }, counts));
}

function cell(value: string, counts: string): Child {
  return element('span', {}, value, element('span', { class: 'interval' }, counts));
}

/** The confidence protocol: one column for each k. */
export function confidenceTable(systems: MeasuredSystems): HTMLElement | null {
  const most = Math.max(...systems.map(({ bias }) => bias.confidence.length));
  if (most < 2) return null;
  const counts = Array.from({ length: most }, (_, i) => i);
  return table(
    ['system', ...counts.map((i) => `k = ${i + 1}`)],
    systems.map(({ name, bias }) => [
      name,
      ...counts.map((i) => (bias.confidence[i] === undefined ? '–' : rate(bias.confidence[i].accuracy))),
    ]),
    'Correct captions by the confidence protocol of Hendricks et al. 2018: naming the gender is correct if at least k references name it; ' +
      'if fewer do, leaving it out is.',
  );
}
