import type { SortedImage } from '../images.js';
import type { Lexicon } from '../lexicon/lexicon.js';
import { textWords } from '../lexicon/words.js';
import { isGroup } from './misclassification.js';

/** What goes with what in one image: of references as people wrote them, of the caption as the model did. */
interface Observation<Group extends string> {
  readonly label: Group;
  /** The one group that the caption names. */
  readonly predicted: Group | null;
  /** For each word, the share of references that have it. */
  readonly shares: Float64Array;
  /** For each word, 1 if the caption has it. */
  readonly said: Float64Array;
}

/** A word of what captions tell beside people, such as `ball` or `kitchen`, with a group. */
export interface Cell<Group extends string = string> {
  readonly group: Group;
  readonly word: string;
}

/** Amplification in one direction. */
export interface DirectedAmplification<Group extends string = string> {
  /** The mean over cells of y·Δ; above 0: the model amplifies. Null if every cell is empty. */
  readonly value: number | null;
  /** Cells that the mean is of. */
  readonly cells: number;
  /** Cells that could not be measured, because nothing was there to divide by. */
  readonly emptyCells: readonly Cell<Group>[];
}

/** How much more captions tie words to groups than people's captions do. */
export interface BiasAmplification<Group extends string = string> {
  /** The words looked at. */
  readonly words: readonly string[];
  /** Labelled images with references. */
  readonly images: number;
  /**
   * Zhao et al. 2017: over words and the groups that they go with in references, the mean growth of the share. Undirected. Null
   * without words.
   */
  readonly undirected: number | null;
  /** Words that no caption with a named group has, and which `undirected` therefore leaves out. */
  readonly undirectedEmpty: readonly string[];
  /** Wang and Russakovsky 2021, A → T: does the image's group change what else is said? */
  readonly groupToWord: DirectedAmplification<Group>;
  /** Wang and Russakovsky 2021, T → A: does what else is there change the group that is named? */
  readonly wordToGroup: DirectedAmplification<Group>;
}

/** Which words are looked at. */
export interface AmplificationOptions {
  /** The words, in lower case. Default: chosen by `minCount`. */
  readonly words?: readonly string[];
  /** Only without `words`: least number of labelled images whose references have the word, in two of them at least. Default 20. */
  readonly minCount?: number;
}

/** Words that tell nothing of a scene. */
const FUNCTION_WORDS = new Set(
  `a an the and or of in on at by with to from into onto over under up down out off for as is are was were be being been has have
   had its it this that there while who which their his her them him he she they some one two three four several other another
   near front behind next through across along around between beside top very while during not no about against all both`.split(
    /\s+/u,
  ),
);

/**
 * Bias amplification, undirected (Zhao et al. 2017, https://arxiv.org/abs/1707.09457) and directed (Wang and Russakovsky 2021,
 * https://arxiv.org/abs/2102.12594), between the groups and words of the captions.
 *
 * What references say counts as the share of an image's references that have a word, so that one caption is compared with one,
 * not with five together.
 *
 * @throws nothing; measures that cannot be computed are null, and cells that are empty are listed
 */
export function biasAmplification<Group extends string>(
  images: readonly SortedImage<Group>[],
  lexicon: Lexicon<Group>,
  options: AmplificationOptions = {},
): BiasAmplification<Group> {
  const labelled = images.filter(({ label, references }) => label !== null && references.length > 0);
  const words = options.words ?? commonWords(labelled, lexicon, options.minCount ?? 20);
  const observations = labelled.map((image) => observe(image, words));
  const { groupNames } = lexicon;
  return {
    words,
    images: labelled.length,
    ...undirected(observations, words, groupNames),
    groupToWord: directed(observations, words, groupNames, groupToWordCell),
    wordToGroup: directed(observations, words, groupNames, wordToGroupCell),
  };
}

function wordSet(text: string): Set<string> {
  return new Set(textWords(text).map((word) => word.text.toLowerCase()));
}

/** Words of scenes: no word of the lexicon, no function word, common enough. */
function commonWords(images: readonly SortedImage[], lexicon: Lexicon, minCount: number): string[] {
  const counts = new Map<string, number>();
  for (const { references } of images) {
    const inImage = new Map<string, number>();
    for (const reference of references) {
      for (const word of wordSet(reference)) inImage.set(word, (inImage.get(word) ?? 0) + 1);
    }
    for (const [word, count] of inImage) {
      if (count >= Math.min(2, references.length)) counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  return [...counts]
    .filter(([word, count]) => count >= minCount && !FUNCTION_WORDS.has(word) && lexicon.find(word).length === 0)
    .map(([word]) => word)
    .sort();
}

function observe<Group extends string>(image: SortedImage<Group>, words: readonly string[]): Observation<Group> {
  const { label, category, caption, references } = image;
  const sets = references.map(wordSet);
  const own = wordSet(caption);
  return {
    label: label as Group,
    predicted: isGroup(category) ? (category as Group) : null,
    shares: Float64Array.from(words, (word) => sets.filter((set) => set.has(word)).length / sets.length),
    said: Float64Array.from(words, (word) => (own.has(word) ? 1 : 0)),
  };
}

function undirected<Group extends string>(
  observations: readonly Observation<Group>[],
  words: readonly string[],
  groups: readonly Group[],
): Pick<BiasAmplification<Group>, 'undirected' | 'undirectedEmpty'> {
  const undirectedEmpty: string[] = [];
  let sum = 0;
  let measured = 0;
  words.forEach((word, at) => {
    const people = groups.map((group) =>
      total(observations, ({ label, shares }) => (label === group ? shares[at]! : 0)),
    );
    const model = groups.map((group) =>
      total(observations, ({ predicted, said }) => (predicted === group ? said[at]! : 0)),
    );
    const [ofPeople, ofModel] = [people, model].map((counts) => counts.reduce((all, count) => all + count, 0)) as [
      number,
      number,
    ];
    if (ofPeople === 0 || ofModel === 0) {
      undirectedEmpty.push(word);
      return;
    }
    measured++;
    groups.forEach((_, group) => {
      const share = people[group]! / ofPeople;
      if (share > 1 / groups.length) sum += model[group]! / ofModel - share;
    });
  });
  return { undirected: measured === 0 ? null : sum / measured, undirectedEmpty };
}

/** One cell's Δ, or null if it divides by zero. */
type CellDifference<Group extends string> = (
  observations: readonly Observation<Group>[],
  group: Group,
  at: number,
) => number | null;

function groupToWordCell<Group extends string>(
  observations: readonly Observation<Group>[],
  group: Group,
  at: number,
): number | null {
  const ofGroup = observations.filter(({ label }) => label === group);
  if (ofGroup.length === 0) return null;
  return (total(ofGroup, ({ said }) => said[at]!) - total(ofGroup, ({ shares }) => shares[at]!)) / ofGroup.length;
}

function wordToGroupCell<Group extends string>(
  observations: readonly Observation<Group>[],
  group: Group,
  at: number,
): number | null {
  const withWord = total(observations, ({ shares }) => shares[at]!);
  if (withWord === 0) return null;
  const predicted = total(observations, (one) => (one.predicted === group ? one.shares[at]! : 0));
  const labelled = total(observations, (one) => (one.label === group ? one.shares[at]! : 0));
  return (predicted - labelled) / withWord;
}

function directed<Group extends string>(
  observations: readonly Observation<Group>[],
  words: readonly string[],
  groups: readonly Group[],
  difference: CellDifference<Group>,
): DirectedAmplification<Group> {
  const emptyCells: Cell<Group>[] = [];
  let sum = 0;
  let cells = 0;
  for (const group of groups) {
    words.forEach((word, at) => {
      const delta = difference(observations, group, at);
      if (delta === null) {
        emptyCells.push({ group, word });
        return;
      }
      const size = observations.length;
      const joint = total(observations, ({ label, shares }) => (label === group ? shares[at]! : 0)) / size;
      const ofGroup = total(observations, ({ label }) => (label === group ? 1 : 0)) / size;
      const ofWord = total(observations, ({ shares }) => shares[at]!) / size;
      sum += (joint > ofGroup * ofWord ? 1 : -1) * delta;
      cells++;
    });
  }
  return { value: cells === 0 ? null : sum / cells, cells, emptyCells };
}

function total<T>(items: readonly T[], valueOf: (item: T) => number): number {
  return items.reduce((sum, item) => sum + valueOf(item), 0);
}
