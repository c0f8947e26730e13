import type { SortedImage } from '../images.js';
import { isGroup } from './misclassification.js';
import { type Rate, rateOf } from './rate.js';

/** Accuracy if the group is the right answer only from so many references on. */
export interface ConfidenceAccuracy {
  /** References that must name the group. */
  readonly atLeast: number;
  /** Captions with the right answer, of all labelled images with references. */
  readonly accuracy: Rate;
}

/**
 * The confidence protocol of Hendricks et al. 2018 by any lexicon: the group is the right answer if at least k references name it; if
 * not, naming none (or both) is. Images without a label are left out. `confidenceHendricks2018` is the published variant.
 *
 * @returns one accuracy for each k from 1 to the largest number of references
 */
export function confidenceProtocol<Group extends string>(
  images: readonly SortedImage<Group>[],
  minTotal = 1,
): ConfidenceAccuracy[] {
  const asked = images.filter(({ label, references }) => label !== null && references.length > 0);
  const most = asked.reduce((max, { references }) => Math.max(max, references.length), 0);
  return Array.from({ length: most }, (_, index) => {
    const atLeast = index + 1;
    const correct = asked.filter(({ label, counts, category }) => {
      const isGroupRight = counts[label as Group] >= atLeast;
      return isGroupRight ? category === label : !isGroup(category);
    });
    return { atLeast, accuracy: rateOf(correct.length, asked.length, minTotal) };
  });
}
