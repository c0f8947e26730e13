import { HENDRICKS_2018 } from '../lexicon/data/hendricks-2018.js';
import type { Gender } from '../lexicon/data/gender-en.js';
import { divide } from '../measures/divide.js';
import { jensenShannonDivergence } from '../measures/divergence.js';
import { checkLabel, type LabelledCaption } from './labelled-caption.js';
import { wordTokenize } from './word-tokenize.js';

/** Numbers of captions of one gender's images, by what they name. */
export interface OutcomeCounts {
  readonly total: number;
  /** Names the label's gender only. */
  readonly correct: number;
  /** Names the other gender only. */
  readonly wrong: number;
  /** Names both or neither. */
  readonly other: number;
}

/** What the protocol of Hendricks et al. 2018 counts. A rate is null if it divides by zero. */
export interface Hendricks2018Result {
  readonly male: OutcomeCounts;
  readonly female: OutcomeCounts;
  readonly all: OutcomeCounts;
  /** Table 1's error: wrong / all labelled; captions that name both or neither are not wrong. 0 … 1. */
  readonly error: number | null;
  /** wrong / captions that name one gender: the denominator of the supplement's Table 1. 0 … 1. */
  readonly errorOfGendered: number | null;
  /** Captions that name only women / captions that name only men. */
  readonly ratio: number | null;
  /** Images labelled female / images labelled male. */
  readonly labelRatio: number | null;
  /** Table 1's ratio difference: labelRatio − ratio. */
  readonly ratioDifference: number | null;
  /** Base-2 Jensen-Shannon divergence of the outcomes (correct, wrong, other) of women and of men. 0 … 1. */
  readonly outcomeDivergence: number | null;
}

const { male, female } = HENDRICKS_2018.data.groups;
const LISTS: Readonly<Record<Gender, ReadonlySet<string>>> = { male: new Set(male), female: new Set(female) };
const NARROW_LISTS: Readonly<Record<Gender, ReadonlySet<string>>> = {
  male: new Set(['man']),
  female: new Set(['woman']),
};

/**
 * The gender that a caption names by the lists of Hendricks et al. 2018, in the words that NLTK's tokenizer gives.
 *
 * @param isNarrow only the words `man` and `woman`, as the publication's confidence protocol reads references. Default false.
 * @returns `other` if it names both or neither
 */
export function hendricks2018Gender(caption: string, isNarrow = false): Gender | 'other' {
  const words = wordTokenize(caption.toLowerCase());
  const lists = isNarrow ? NARROW_LISTS : LISTS;
  const namesMale = words.some((word) => lists.male.has(word));
  const namesFemale = words.some((word) => lists.female.has(word));
  if (namesMale === namesFemale) return 'other';
  return namesMale ? 'male' : 'female';
}

/**
 * Counts as Hendricks et al. 2018, Women also Snowboard (https://arxiv.org/abs/1803.09797), and their published code
 * (github.com/kayburns/women-snowboard) count, for comparison with their tables.
 *
 * @throws InvalidArgumentError for a label other than `male` and `female`, with its row
 */
export function evaluateHendricks2018(captions: Iterable<LabelledCaption>): Hendricks2018Result {
  const counts = { male: { correct: 0, wrong: 0, other: 0 }, female: { correct: 0, wrong: 0, other: 0 } };
  let row = 0;
  for (const { caption, label } of captions) {
    checkLabel(label, ++row);
    const named = hendricks2018Gender(caption);
    counts[label][named === 'other' ? 'other' : named === label ? 'correct' : 'wrong']++;
  }
  const men = withTotal(counts.male);
  const women = withTotal(counts.female);
  const all = withTotal({
    correct: men.correct + women.correct,
    wrong: men.wrong + women.wrong,
    other: men.other + women.other,
  });
  const ratio = divide(women.correct + men.wrong, men.correct + women.wrong);
  const labelRatio = divide(women.total, men.total);
  return {
    male: men,
    female: women,
    all,
    error: divide(all.wrong, all.total),
    errorOfGendered: divide(all.wrong, all.correct + all.wrong),
    ratio,
    labelRatio,
    ratioDifference: ratio === null || labelRatio === null ? null : labelRatio - ratio,
    outcomeDivergence: jensenShannonDivergence(outcomesOf(women), outcomesOf(men)),
  };
}

/** Accuracy at one level of the confidence protocol. */
export interface ConfidenceLevel {
  /** References that must name the gender for it to be the right answer. */
  readonly atLeast: number;
  /** Captions that give the right answer. */
  readonly correct: number;
  readonly total: number;
  /** correct / total; null without captions. */
  readonly accuracy: number | null;
}

/**
 * The confidence protocol of Hendricks et al. 2018: the gender is the right answer if at least k references name it, otherwise
 * naming none (or both) is. As in the published code, references are read with `man` and `woman` only, captions with the whole
 * lists; a caption that names none is wrong if the gender is the right answer.
 *
 * @param maxReferences levels k = 1 … this. Default 5.
 */
export function confidenceHendricks2018(captions: readonly LabelledCaption[], maxReferences = 5): ConfidenceLevel[] {
  const answers = captions.map(({ caption, label, references = [] }, index) => {
    checkLabel(label, index + 1);
    const support = references.filter((reference) => hendricks2018Gender(reference, true) === label).length;
    return { named: hendricks2018Gender(caption), label, support };
  });
  return Array.from({ length: maxReferences }, (_, index) => {
    const atLeast = index + 1;
    const isCorrect = ({ named, label, support }: (typeof answers)[number]): boolean =>
      named === (support >= atLeast ? label : 'other');
    const correct = answers.filter(isCorrect).length;
    return { atLeast, correct, total: answers.length, accuracy: divide(correct, answers.length) };
  });
}

function withTotal(counts: Omit<OutcomeCounts, 'total'>): OutcomeCounts {
  return { total: counts.correct + counts.wrong + counts.other, ...counts };
}

function outcomesOf({ correct, wrong, other }: OutcomeCounts): number[] {
  return [correct, wrong, other];
}
