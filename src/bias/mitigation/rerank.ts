import type { Lexicon } from '../lexicon/lexicon.js';
import { isGroup } from '../measures/misclassification.js';
import { checks } from '../../validate/index.js';

/** A caption that a search found, with what tells how likely it is. */
export interface RankedCaption {
  readonly text: string;
  /** Natural logarithm of its probability. */
  readonly logProb: number;
}

/**
 * Reorders the captions of one image, best first, so that a group comes first only if the captions together are sure of it:
 * each caption that names a group votes for it with its probability. If the difference of the two strongest groups over their
 * sum is below `delta`, the captions that name no group come first, in their order; otherwise those that name another group than
 * the strongest come last.
 *
 * @param captions as a search with several beams gives them (`numCaptions`)
 * @param delta 0 … 1. Default 0.5
 * @throws InvalidArgumentError for a `delta` out of range
 */
export function rerankByGroup<T extends RankedCaption>(captions: readonly T[], lexicon: Lexicon, delta = 0.5): T[] {
  checks.argument('delta', checks.share, delta);
  const most = Math.max(...captions.map(({ logProb }) => logProb));
  const votes = new Map<string, number>(lexicon.groupNames.map((group) => [group, 0]));
  const categories = captions.map(({ text }) => lexicon.categorize(text));
  captions.forEach(({ logProb }, index) => {
    const category = categories[index]!;
    if (isGroup(category)) votes.set(category, (votes.get(category) ?? 0) + Math.exp(logProb - most));
  });
  const [first = ['', 0], second = ['', 0]] = [...votes].sort(([, a], [, b]) => b - a);
  const isSure = first[1] > 0 && (first[1] - second[1]) / (first[1] + second[1]) >= delta;
  const isPreferred = (index: number): boolean => {
    const category = categories[index]!;
    return isSure ? category === first[0] || !isGroup(category) : !isGroup(category);
  };
  const order = captions.map((_, index) => index).sort((a, b) => Number(isPreferred(b)) - Number(isPreferred(a)));
  return order.map((index) => captions[index]!);
}
