import { InvalidArgumentError } from '../../core/index.js';
import { createRandom, type Random } from '../../numerics/random.js';
import { tokenize } from '../../metrics/index.js';
import type { SortedImage } from '../images.js';
import type { Lexicon } from '../lexicon/lexicon.js';
import { checks } from '../../validate/index.js';

/** How the classifier is trained. */
export interface LeakageOptions {
  /** Number of divisions into training and test images, at least 10. Default 10. */
  readonly seeds?: number;
  /** The first seed; the others follow it. Default 0. */
  readonly seed?: number;
}

/** What captions give away of the group once its words are masked. */
export interface BagOfWordsLeakage {
  /** Mean over seeds of what the model's captions leak: confidence in the right group, if right; 0 … 1. */
  readonly captions: number;
  /** The same of people's captions, one a image. */
  readonly people: number;
  /** captions − people: above 0, the model's captions tell more of the group than people's do. */
  readonly leakage: number;
  /** Standard deviation of the differences over seeds. */
  readonly standardDeviation: number;
  readonly seeds: number;
  /** Images of each group, after larger groups were cut down to the smallest. */
  readonly imagesPerGroup: number;
}

const TEST_SHARE = 0.3;
const EPOCHS = 60;
const MASK = '<person>';

/**
 * A light measure of how far captions reveal the group by other words, after LIC (Hirota et al. 2022,
 * https://arxiv.org/abs/2203.15395): the groups' words are masked, a classifier learns the group from the rest on some images, and is asked on
 * others. Here the classifier is a logistic regression on bags of words, not an LSTM or BERT: its numbers are smaller than LIC's
 * and comparable only with each other. Groups are balanced by leaving out images.
 *
 * @returns null with fewer than `minPerGroup` labelled images with references in a group
 * @throws InvalidArgumentError for fewer than 10 seeds, or a lexicon of other than two groups
 */
export function bagOfWordsLeakage<Group extends string>(
  images: readonly SortedImage<Group>[],
  lexicon: Lexicon<Group>,
  { seeds = 10, seed = 0 }: LeakageOptions = {},
  minPerGroup = 30,
): BagOfWordsLeakage | null {
  checks.argument('seeds', checks.integer(10), seeds);
  const { groupNames } = lexicon;
  if (groupNames.length !== 2) {
    throw new InvalidArgumentError(
      'lexicon',
      `Leakage needs two groups; "${lexicon.data.name}" has ${groupNames.length}.`,
    );
  }
  const byGroup = groupNames.map((group) =>
    images.filter(({ label, references }) => label === group && references.length > 0),
  );
  const imagesPerGroup = Math.min(...byGroup.map(({ length }) => length));
  if (imagesPerGroup < Math.max(2, minPerGroup)) return null;
  const results = Array.from({ length: seeds }, (_, index) => {
    const random = createRandom(seed + index, 0);
    const drawn = byGroup.map((group) => shuffled(group, random).slice(0, imagesPerGroup));
    const people = (image: SortedImage<Group>): string =>
      image.references[Math.floor(random() * image.references.length)]!;
    return {
      captions: leakageOf(drawn.map((group) => group.map(({ caption }) => bagOf(caption, lexicon)))),
      people: leakageOf(drawn.map((group) => group.map((image) => bagOf(people(image), lexicon)))),
    };
  });
  const captions = mean(results.map((result) => result.captions));
  const ofPeople = mean(results.map((result) => result.people));
  const differences = results.map((result) => result.captions - result.people);
  const leakage = mean(differences);
  const variance = differences.reduce((sum, value) => sum + (value - leakage) ** 2, 0) / (seeds - 1);
  return { captions, people: ofPeople, leakage, standardDeviation: Math.sqrt(variance), seeds, imagesPerGroup };
}

/** The different words of a caption, those of the groups masked. */
function bagOf(text: string, lexicon: Lexicon): string[] {
  let masked = '';
  let at = 0;
  for (const { group, start, end } of lexicon.find(text)) {
    if (group === 'neutral') continue;
    masked += `${text.slice(at, start)} ${MASK} `;
    at = end;
  }
  return [...new Set(tokenize((masked + text.slice(at)).replaceAll(MASK, 'someone')))];
}

/** @param bags of two groups, in random order: the first ones are for testing */
function leakageOf(bags: readonly (readonly string[][])[]): number {
  const numTest = Math.max(1, Math.round(TEST_SHARE * bags[0]!.length));
  const ids = new Map<string, number>();
  const idsOf = (bag: readonly string[], isNew: boolean): number[] =>
    bag.flatMap((word) => {
      if (isNew && !ids.has(word)) ids.set(word, ids.size);
      return ids.get(word) ?? [];
    });
  const rows = (from: number, to: number, isNew: boolean): Row[] =>
    bags.flatMap((group, label) => group.slice(from, to).map((bag) => ({ words: idsOf(bag, isNew), label })));
  const training = rows(numTest, Infinity, true);
  const weights = trainLogisticRegression(training, ids.size);
  const scores = rows(0, numTest, false).map(({ words, label }) => {
    const probability = predict(weights, words);
    const confidence = label === 1 ? probability : 1 - probability;
    return confidence > 0.5 ? confidence : 0;
  });
  return mean(scores);
}

interface Row {
  readonly words: readonly number[];
  readonly label: number;
}

/** Bias last: `[words + 1]`. Full-batch gradient descent with AdaGrad steps and an L2 penalty; no randomness. */
function trainLogisticRegression(rows: readonly Row[], numWords: number): Float64Array {
  const weights = new Float64Array(numWords + 1);
  const squares = new Float64Array(numWords + 1).fill(1e-8);
  const penalty = 1 / rows.length;
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const gradient = weights.map((weight) => penalty * weight);
    gradient[numWords] = 0;
    for (const { words, label } of rows) {
      const error = (predict(weights, words) - label) / rows.length;
      for (const word of words) gradient[word]! += error;
      gradient[numWords] += error;
    }
    for (let i = 0; i <= numWords; i++) {
      squares[i]! += gradient[i]! ** 2;
      weights[i]! -= (0.3 * gradient[i]!) / Math.sqrt(squares[i]!);
    }
  }
  return weights;
}

function predict(weights: Float64Array, words: readonly number[]): number {
  let score = weights[weights.length - 1]!;
  for (const word of words) score += weights[word]!;
  return 1 / (1 + Math.exp(-score));
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const list = [...items];
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [list[i], list[j]] = [list[j]!, list[i]!];
  }
  return list;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
