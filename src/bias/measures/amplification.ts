import { bootstrap, type BootstrapEstimate, type BootstrapOptions } from '../../metrics/index.js';
import type { SortedImage } from '../images.js';
import type { Lexicon } from '../lexicon/lexicon.js';
import { textWords } from '../lexicon/words.js';
import { isGroup } from './misclassification.js';

/** What goes with what in one image: of references as people wrote them, of the caption as the model did. */
interface Observation {
  /** Position of the label's group. */
  readonly label: number;
  /** Position of the one group that the caption names; −1 for none. */
  readonly predicted: number;
  /** Positions of the words that references have, and the share of references that have each. */
  readonly shares: readonly (readonly [word: number, share: number])[];
  /** Positions of the words that the caption has. */
  readonly said: readonly number[];
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
  /** Bootstrap interval of `value`, over images within each label; null with it, or without the option `bootstrap`. */
  readonly interval: BootstrapEstimate | null;
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
  /** Bootstrap interval of `undirected`, over images within each label; null with it, or without the option `bootstrap`. */
  readonly undirectedInterval: BootstrapEstimate | null;
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
  /** How samples are drawn for intervals. Default: no intervals. */
  readonly bootstrap?: Omit<BootstrapOptions, 'strata'>;
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
  const { groupNames } = lexicon;
  const observations = labelled.map((image) => observe(image, words, groupNames));
  const measured = measure(observations, groupNames.length, words.length);
  const interval = (valueOf: (all: Measured) => number | null): BootstrapEstimate | null => {
    if (options.bootstrap === undefined || valueOf(measured) === null) return null;
    const strata = observations.map(({ label }) => label);
    const statistic = (sample: Int32Array): number | null =>
      valueOf(measure(observations, groupNames.length, words.length, sample));
    return bootstrap(observations.length, statistic, { ...options.bootstrap, strata });
  };
  const directed = (name: 'groupToWord' | 'wordToGroup'): DirectedAmplification<Group> => {
    const { value, cells, empty } = measured[name];
    const emptyCells = empty.map(([group, word]) => ({ group: groupNames[group]!, word: words[word]! }));
    return { value, interval: interval((all) => all[name].value), cells, emptyCells };
  };
  return {
    words,
    images: labelled.length,
    undirected: measured.undirected,
    undirectedInterval: interval(({ undirected }) => undirected),
    undirectedEmpty: measured.undirectedEmpty.map((word) => words[word]!),
    groupToWord: directed('groupToWord'),
    wordToGroup: directed('wordToGroup'),
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

function observe<Group extends string>(
  { label, category, caption, references }: SortedImage<Group>,
  words: readonly string[],
  groups: readonly Group[],
): Observation {
  const sets = references.map(wordSet);
  const own = wordSet(caption);
  const shares = words.map((word) => sets.filter((set) => set.has(word)).length / sets.length);
  return {
    label: groups.indexOf(label as Group),
    predicted: isGroup(category) ? groups.indexOf(category as Group) : -1,
    shares: shares.flatMap((share, word) => (share > 0 ? [[word, share] as const] : [])),
    said: words.flatMap((word, at) => (own.has(word) ? [at] : [])),
  };
}

/** Sums over images, each `[groups][words]`. */
interface Sums {
  /** Images with the label. */
  readonly labelled: Float64Array;
  /** Shares of references that have the word, by label. */
  readonly people: readonly Float64Array[];
  /** The same by the group that the caption names. */
  readonly peopleByPredicted: readonly Float64Array[];
  /** Captions that have the word, by label. */
  readonly said: readonly Float64Array[];
  /** The same by the group that the caption names. */
  readonly saidByPredicted: readonly Float64Array[];
}

function sumUp(observations: readonly Observation[], groups: number, words: number, sample: Iterable<number>): Sums {
  const table = (): Float64Array[] => Array.from({ length: groups }, () => new Float64Array(words));
  const labelled = new Float64Array(groups);
  const [people, peopleByPredicted, said, saidByPredicted] = [table(), table(), table(), table()];
  for (const image of sample) {
    const { label, predicted, shares, said: saidWords } = observations[image]!;
    labelled[label]! += 1;
    for (const [word, share] of shares) {
      people[label]![word]! += share;
      if (predicted >= 0) peopleByPredicted[predicted]![word]! += share;
    }
    for (const word of saidWords) {
      said[label]![word]! += 1;
      if (predicted >= 0) saidByPredicted[predicted]![word]! += 1;
    }
  }
  return { labelled, people, peopleByPredicted, said, saidByPredicted };
}

interface Directed {
  readonly value: number | null;
  readonly cells: number;
  readonly empty: readonly (readonly [group: number, word: number])[];
}

interface Measured {
  readonly undirected: number | null;
  readonly undirectedEmpty: readonly number[];
  readonly groupToWord: Directed;
  readonly wordToGroup: Directed;
}

function measure(
  observations: readonly Observation[],
  groups: number,
  words: number,
  sample: Iterable<number> = observations.keys(),
): Measured {
  const sums = sumUp(observations, groups, words, sample);
  const ofWord = total(sums.people, words);
  const { labelled, people, said, peopleByPredicted } = sums;
  return {
    ...undirected(sums, ofWord),
    groupToWord: directed(sums, ofWord, (group, word) =>
      labelled[group] === 0 ? null : (said[group]![word]! - people[group]![word]!) / labelled[group]!,
    ),
    wordToGroup: directed(sums, ofWord, (group, word) =>
      ofWord[word] === 0 ? null : (peopleByPredicted[group]![word]! - people[group]![word]!) / ofWord[word]!,
    ),
  };
}

/** Sums over groups: `[words]`. */
function total(table: readonly Float64Array[], words: number): Float64Array {
  return Float64Array.from({ length: words }, (_, word) => table.reduce((sum, row) => sum + row[word]!, 0));
}

function undirected(
  { people, saidByPredicted }: Sums,
  ofPeople: Float64Array,
): Pick<Measured, 'undirected' | 'undirectedEmpty'> {
  const ofModel = total(saidByPredicted, ofPeople.length);
  const undirectedEmpty: number[] = [];
  let sum = 0;
  ofPeople.forEach((ofWord, word) => {
    if (ofWord === 0 || ofModel[word] === 0) {
      undirectedEmpty.push(word);
      return;
    }
    people.forEach((row, group) => {
      const share = row[word]! / ofWord;
      if (share > 1 / people.length) sum += saidByPredicted[group]![word]! / ofModel[word]! - share;
    });
  });
  const measured = ofPeople.length - undirectedEmpty.length;
  return { undirected: measured === 0 ? null : sum / measured, undirectedEmpty };
}

/** @param difference one cell's Δ, or null if it divides by zero */
function directed(
  { labelled, people }: Sums,
  ofWord: Float64Array,
  difference: (group: number, word: number) => number | null,
): Directed {
  const size = labelled.reduce((sum, count) => sum + count, 0);
  const empty: (readonly [number, number])[] = [];
  let sum = 0;
  let cells = 0;
  people.forEach((row, group) => {
    row.forEach((joint, word) => {
      const delta = difference(group, word);
      if (delta === null) {
        empty.push([group, word]);
        return;
      }
      // P(group, word) > P(group) P(word)
      sum += (joint * size > labelled[group]! * ofWord[word]! ? 1 : -1) * delta;
      cells++;
    });
  });
  return { value: cells === 0 ? null : sum / cells, cells, empty };
}
