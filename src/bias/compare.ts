import { InvalidArgumentError } from '../core/index.js';
import { type BootstrapOptions, pairedBootstrap, type PairedEstimate, type Statistic } from '../metrics/index.js';
import { type CaptionedImage, sortImages } from './images.js';
import type { LabelRule } from './labels.js';
import { type Gender, GENDER_EN } from './lexicon/data/gender-en.js';
import type { Lexicon } from './lexicon/lexicon.js';
import { type BiasStatistics, biasStatistics } from './statistics.js';

/** The figures that two systems are compared by. */
const COMPARED = [
  'errorOfLabelled',
  'errorOfNamed',
  'coverage',
  'ratio',
  'outcomeDivergence',
  'captionQuality',
  'quality',
  'fidelity',
  'joint',
] as const satisfies readonly (keyof BiasStatistics & keyof BiasComparison)[];

/** Differences a − b of two systems on the same images; null if a figure is not defined. */
export interface BiasComparison {
  /** wrong / labelled. */
  readonly errorOfLabelled: PairedEstimate | null;
  /** wrong / captions that name one group. */
  readonly errorOfNamed: PairedEstimate | null;
  readonly coverage: PairedEstimate | null;
  /** With two groups: captions of the second / captions of the first. */
  readonly ratio: PairedEstimate | null;
  readonly outcomeDivergence: PairedEstimate | null;
  /** CIDEr-D with groups' words neutralised, 0 … 10. */
  readonly captionQuality: PairedEstimate | null;
  /** Q: the same over people's own, 0 … 1. */
  readonly quality: PairedEstimate | null;
  /** G: the least mean fidelity of a group, 0 … 1. */
  readonly fidelity: PairedEstimate | null;
  /** J. */
  readonly joint: PairedEstimate | null;
}

/** What a comparison is made with: as for a report. */
export interface BiasComparisonOptions<Group extends string = string> {
  readonly lexicon?: Lexicon<Group>;
  readonly labelRule?: LabelRule;
  readonly minImages?: number;
  readonly bootstrap?: Omit<BootstrapOptions, 'strata'>;
}

/**
 * Compares two systems on the same images by a paired bootstrap, stratified by label.
 *
 * @param a the first system's captions
 * @param b the other's, of the same images in the same order
 * @throws InvalidArgumentError if the images differ (the message names the row), or as `biasReport`
 */
export function compareBias<Group extends string = Gender>(
  a: Iterable<CaptionedImage<Group>>,
  b: Iterable<CaptionedImage<Group>>,
  options: BiasComparisonOptions<Group> = {},
): BiasComparison {
  const { lexicon = GENDER_EN as unknown as Lexicon<Group>, minImages = 30, labelRule } = options;
  const [first, second] = [sortImages(a, lexicon, labelRule), sortImages(b, lexicon, labelRule)];
  const row = first.findIndex(({ id, label }, index) => second[index]?.id !== id || second[index].label !== label);
  if (first.length !== second.length || row !== -1) {
    const at = row === -1 ? first.length : row;
    throw new InvalidArgumentError('b', `The systems' images differ at row ${at + 1}. Give both in the same order.`);
  }
  if (first.length === 0) throw new InvalidArgumentError('a', 'There are no images to compare on. Give at least one.');
  const strata = first.map(({ label }) => label ?? 'unlabelled');
  const [ofA, ofB] = [first, second].map((images) => biasStatistics(images, lexicon as Lexicon, minImages)) as [
    BiasStatistics,
    BiasStatistics,
  ];
  const compare = (left: Statistic | null, right: Statistic | null): PairedEstimate | null =>
    left && right && pairedBootstrap(first.length, left, right, { ...options.bootstrap, strata });
  return Object.fromEntries(COMPARED.map((name) => [name, compare(ofA[name], ofB[name])])) as unknown as BiasComparison;
}
