import { readFileSync } from 'node:fs';
import { GENDER_EN, labelFromReferences } from '../../dist/bias/index.js';

/**
 * References by image, and the images whose references name one gender.
 *
 * @param {string} file a table with a header line and the columns image and caption
 */
export function readCorpus(file) {
  const references = new Map();
  for (const line of readFileSync(file, 'utf8').trim().split('\n').slice(1)) {
    const [image, caption] = line.split('\t');
    references.set(image, [...(references.get(image) ?? []), caption]);
  }
  const labels = new Map([...references].map(([image, texts]) => [image, labelFromReferences(texts, GENDER_EN)]));
  const names = [...references.keys()];
  return { references, labels, names, labelled: names.filter((name) => labels.get(name) !== null) };
}

/** @param {number | null | undefined} value a share */
export const percent = (value) => (value === null || value === undefined ? '–' : `${(100 * value).toFixed(1)} %`);

/** A rate as `5.7 % (11/193; 3.2–9.9)`. */
export function rateText({ count, total, interval }, isInterval = true) {
  if (total === 0) return '–';
  const bounds =
    interval && isInterval ? `; ${(100 * interval.low).toFixed(1)}–${(100 * interval.high).toFixed(1)}` : '';
  return `${percent(count / total)} (${count}/${total}${bounds})`;
}
