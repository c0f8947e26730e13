import type { SortedImage } from '../images.js';
import type { Category } from '../lexicon/lexicon.js';
import { type Rate, rateOf } from './rate.js';

/** How captions of labelled images name groups. */
export interface Misclassification {
  /** Images with the label. */
  readonly labelled: number;
  /** Captions that name the label's group, and no other. */
  readonly correct: number;
  /** Captions that name another group, and not the label's. */
  readonly wrong: number;
  /** Captions that name both or none: neither correct nor wrong. */
  readonly other: number;
  /** wrong / labelled. */
  readonly errorOfLabelled: Rate;
  /** wrong / (correct + wrong): of the captions that name one group. */
  readonly errorOfNamed: Rate;
  /** (correct + wrong) / labelled: the share that names one group. */
  readonly coverage: Rate;
}

/** Counts of captions by label and category: one row for each group, and one for images without a label. */
export type ConfusionMatrix<Group extends string = string> = Readonly<
  Record<Group | 'unlabelled', Readonly<Record<Category<Group>, number>>>
>;

/**
 * How often captions name the wrong group (Hendricks et al. 2018), for the images of one label or of several.
 *
 * @param minTotal a rate of fewer is null. Default 1
 */
export function misclassification<Group extends string>(
  images: readonly SortedImage<Group>[],
  groups: readonly Group[],
  minTotal = 1,
): Misclassification {
  let [labelled, correct, wrong] = [0, 0, 0];
  for (const { label, category } of images) {
    if (label === null || !groups.includes(label)) continue;
    labelled++;
    if (category === label) correct++;
    else if (isGroup(category)) wrong++;
  }
  const named = correct + wrong;
  return {
    labelled,
    correct,
    wrong,
    other: labelled - named,
    errorOfLabelled: rateOf(wrong, labelled, minTotal),
    errorOfNamed: rateOf(wrong, named, minTotal),
    coverage: rateOf(named, labelled, minTotal),
  };
}

/** Counts captions by label and category. */
export function confusionMatrix<Group extends string>(
  images: readonly SortedImage<Group>[],
  groupNames: readonly Group[],
): ConfusionMatrix<Group> {
  const emptyRow = (): Record<string, number> =>
    Object.fromEntries([...groupNames, 'both', 'neutral', 'none'].map((category) => [category, 0]));
  const matrix = Object.fromEntries([...groupNames, 'unlabelled'].map((label) => [label, emptyRow()]));
  for (const { label, category } of images) matrix[label ?? 'unlabelled']![category]!++;
  return matrix as unknown as ConfusionMatrix<Group>;
}

/** Whether a category is a group. @internal */
export function isGroup(category: string): boolean {
  return category !== 'both' && category !== 'neutral' && category !== 'none';
}
