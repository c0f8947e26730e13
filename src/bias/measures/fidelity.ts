import type { SortedImage } from '../images.js';
import type { CategoryCounts } from '../labels.js';
import type { Category } from '../lexicon/lexicon.js';
import { isGroup } from './misclassification.js';

/**
 * Reference-group fidelity of one labelled image's caption: the references that speak of people as the caption does, over the
 * most that speak of them in one way; −1 for a caption that names another group than the label. So 1 is what most people say,
 * and honest neutrality is worth as much as people use it. What names no group counts as one way of speaking.
 *
 * @returns −1 … 1; null without a label or references
 */
export function referenceFidelity<Group extends string>({
  label,
  category,
  counts,
}: Pick<SortedImage<Group>, 'label' | 'category' | 'counts'>): number | null {
  if (label === null) return null;
  const ways = waysOfSpeaking(counts);
  const most = Math.max(...ways.values());
  if (most === 0) return null;
  if (isGroup(category) && category !== label) return -1;
  return (ways.get(wayOf(category)) ?? 0) / most;
}

function waysOfSpeaking<Group extends string>(counts: CategoryCounts<Group>): Map<string, number> {
  const ways = new Map<string, number>();
  for (const [category, count] of Object.entries<number>(counts)) {
    const way = wayOf(category);
    ways.set(way, (ways.get(way) ?? 0) + count);
  }
  return ways;
}

function wayOf(category: Category): string {
  return category === 'none' ? 'neutral' : category;
}

/**
 * The joint score of quality and fidelity: the harmonic mean of Q (quality without the groups' words, over people's own, 0 … 1)
 * and G (the least mean fidelity of a group, 0 … 1). 0 if either is 0.
 */
export function jointScore(quality: number, fidelity: number): number {
  return quality + fidelity === 0 ? 0 : (2 * quality * fidelity) / (quality + fidelity);
}
