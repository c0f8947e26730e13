import { InvalidArgumentError } from '../core/index.js';
import { bootstrap, type BootstrapEstimate, type BootstrapOptions, type Statistic } from '../metrics/index.js';
import { type CaptionedImage, type SortedImage, sortImages } from './images.js';
import { type LabelRule, resolveLabelRule } from './labels.js';
import { type Gender, GENDER_EN } from './lexicon/data/gender-en.js';
import type { Lexicon } from './lexicon/lexicon.js';
import { type AmplificationOptions, type BiasAmplification, biasAmplification } from './measures/amplification.js';
import { type ConfidenceAccuracy, confidenceProtocol } from './measures/confidence-protocol.js';
import { type BagOfWordsLeakage, bagOfWordsLeakage, type LeakageOptions } from './measures/leakage.js';
import {
  type ConfusionMatrix,
  confusionMatrix,
  type Misclassification,
  misclassification,
} from './measures/misclassification.js';
import type { Rate } from './measures/rate.js';
import { biasStatistics } from './statistics.js';
import { checks } from '../validate/index.js';

/** What a report is made with. */
export interface BiasReportOptions<Group extends string = string> {
  /** Default: `GENDER_EN`. */
  readonly lexicon?: Lexicon<Group>;
  /** How images are labelled whose label is not given. Default: at least 3 references name the group, none another. */
  readonly labelRule?: LabelRule;
  /** A figure of fewer images is null, with a warning. At least 1. Default 30. */
  readonly minImages?: number;
  /** Samples are drawn of images, within each label. Default 1000 samples, level 0.95, seed 0. */
  readonly bootstrap?: Omit<BootstrapOptions, 'strata'>;
  /** Words for bias amplification. Default: chosen. */
  readonly amplification?: AmplificationOptions;
  /** Of the leakage; `false` leaves it out, which saves time. Default 10 seeds. */
  readonly leakage?: LeakageOptions | false;
}

/** Something that a reader of a report has to know. */
export interface BiasWarning {
  readonly code: 'no-labelled-images' | 'small-group' | 'small-rate' | 'no-quality' | 'one-image' | 'empty-cells';
  readonly message: string;
}

/** How captions name groups, how good they are, and how certain the figures are. Everything is plain data; no number is NaN. */
export interface BiasReport<Group extends string = string> {
  readonly lexicon: {
    readonly name: string;
    readonly version: string;
    readonly language: string;
    readonly source: string;
  };
  /** In words, such as `at least 3 references name the group, and none names another`; `given` if every label was given. */
  readonly labelRule: string;
  /** Images in all, those with a label, and those with references. */
  readonly images: { readonly all: number; readonly labelled: number; readonly withReferences: number };
  readonly groups: Readonly<Record<Group, Misclassification>>;
  readonly overall: Misclassification;
  readonly confusion: ConfusionMatrix<Group>;
  /** With two groups: predicted second / predicted first over labelled images, the same of labels, and label − predicted. */
  readonly ratio: BootstrapEstimate | null;
  readonly labelRatio: number | null;
  readonly ratioDeviation: BootstrapEstimate | null;
  /** With two groups: base-2 Jensen-Shannon divergence of their outcomes (correct, wrong, other). 0 … 1. */
  readonly outcomeDivergence: BootstrapEstimate | null;
  readonly confidence: readonly ConfidenceAccuracy[];
  /** Mean reference-group fidelity of each group, −1 … 1. */
  readonly fidelity: Readonly<Record<Group, BootstrapEstimate | null>>;
  /** CIDEr-D with groups' words neutralised: of the captions and of people on the same images, 0 … 10. */
  readonly neutralCiderD: { readonly captions: BootstrapEstimate | null; readonly people: BootstrapEstimate | null };
  /** Q, G and J. Read J only beside them, the errors, coverage and divergence. 0 … 1. */
  readonly joint: {
    readonly quality: BootstrapEstimate | null;
    readonly fidelity: BootstrapEstimate | null;
    readonly score: BootstrapEstimate | null;
  };
  readonly amplification: BiasAmplification<Group>;
  readonly leakage: BagOfWordsLeakage | null;
  readonly warnings: readonly BiasWarning[];
}

/**
 * Measures how captions of images speak of groups of people: misclassification, coverage, divergence, fidelity, amplification,
 * leakage, and quality apart from the groups' words. Labels are what annotators perceived and put in words, not identity.
 *
 * @throws InvalidArgumentError for an image that is broken (the message names its row), no images at all, or an option out of range
 * @example
 * ```ts
 * const report = biasReport([{ id: 'a.jpg', caption: 'A man runs.', references: ['A woman runs.', 'She runs.', 'A girl'] }]);
 * report.overall.errorOfNamed; // { count: 1, total: 1, value: null, interval: null }: too few to state a rate
 * ```
 */
export function biasReport(
  images: Iterable<CaptionedImage<Gender>>,
  options?: BiasReportOptions<Gender>,
): BiasReport<Gender>;
export function biasReport<Group extends string>(
  images: Iterable<CaptionedImage<Group>>,
  options: BiasReportOptions<Group> & { readonly lexicon: Lexicon<Group> },
): BiasReport<Group>;
export function biasReport(images: Iterable<CaptionedImage>, options: BiasReportOptions = {}): BiasReport {
  const { lexicon = GENDER_EN, minImages = 30 } = options;
  checks.argument('minImages', checks.integer(1), minImages);
  const given = [...images];
  const sorted = sortImages(given, lexicon, options.labelRule);
  if (sorted.length === 0) {
    throw new InvalidArgumentError('images', 'There are no images to report on. Give at least one.');
  }
  const { groupNames, data } = lexicon;
  const { name, version, language, source } = data;
  const strata = sorted.map(({ label }) => label ?? 'unlabelled');
  const statistics = biasStatistics(sorted, lexicon, minImages);
  const interval = (statistic: Statistic | null): BootstrapEstimate | null =>
    statistic && bootstrap(sorted.length, statistic, { ...options.bootstrap, strata });
  const byGroup = <T>(valueOf: (group: string) => T): Record<string, T> =>
    Object.fromEntries(groupNames.map((group) => [group, valueOf(group)]));
  const report: Omit<BiasReport, 'warnings'> = {
    lexicon: { name, version, language, source },
    labelRule: describeRule(given, options.labelRule),
    images: countImages(sorted),
    groups: byGroup((group) => misclassification(sorted, [group], minImages)),
    overall: misclassification(sorted, groupNames, minImages),
    confusion: confusionMatrix(sorted, groupNames),
    ratio: interval(statistics.ratio),
    labelRatio: statistics.labelRatio,
    ratioDeviation: interval(statistics.ratioDeviation),
    outcomeDivergence: interval(statistics.outcomeDivergence),
    confidence: confidenceProtocol(sorted, minImages),
    fidelity: byGroup((group) => interval(statistics.fidelityOf(group))),
    neutralCiderD: { captions: interval(statistics.captionQuality), people: interval(statistics.peopleQuality) },
    joint: {
      quality: interval(statistics.quality),
      fidelity: interval(statistics.fidelity),
      score: interval(statistics.joint),
    },
    amplification: biasAmplification(sorted, lexicon, {
      bootstrap: options.bootstrap ?? {},
      ...options.amplification,
    }),
    leakage:
      options.leakage === false || groupNames.length !== 2
        ? null
        : bagOfWordsLeakage(sorted, lexicon, options.leakage, minImages),
  };
  return { ...report, warnings: warningsOf(report, minImages) };
}

function countImages(sorted: readonly SortedImage[]): BiasReport['images'] {
  return {
    all: sorted.length,
    labelled: sorted.filter(({ label }) => label !== null).length,
    withReferences: sorted.filter(({ references }) => references.length > 0).length,
  };
}

function describeRule(images: readonly CaptionedImage[], rule: LabelRule | undefined): string {
  if (images.every(({ label }) => label !== undefined)) return 'given';
  const { atLeast, othersAtMost } = resolveLabelRule(rule ?? {});
  const others = othersAtMost === 0 ? 'none names another' : `at most ${othersAtMost} name another`;
  const described = `at least ${atLeast} references name the group, and ${others}`;
  return images.some(({ label }) => label !== undefined) ? `${described}; some labels given` : described;
}

function warningsOf(report: Omit<BiasReport, 'warnings'>, minImages: number): BiasWarning[] {
  const warnings: BiasWarning[] = [];
  const warn = (code: BiasWarning['code'], message: string): void => void warnings.push({ code, message });
  if (report.images.labelled === 0) {
    warn(
      'no-labelled-images',
      'No image has a label, so no error can be measured. Check the lexicon and the label rule.',
    );
  }
  for (const [group, counts] of report.images.labelled === 0 ? [] : Object.entries(report.groups)) {
    if (counts.labelled < minImages) {
      warn(
        'small-group',
        `Only ${counts.labelled} images are labelled ${group}; no figures are given for fewer than ${minImages}.`,
      );
    } else if (isTooSmall(counts.errorOfNamed)) {
      const { total } = counts.errorOfNamed;
      warn(
        'small-rate',
        `Only ${total} captions of ${group} images name a group; no error is given for fewer than ${minImages}.`,
      );
    }
  }
  if (report.images.all === 1) warn('one-image', 'CIDEr-D of a single image is 0 by definition.');
  if (report.joint.quality === null) {
    warn(
      'no-quality',
      'Quality needs images with at least two references each, and an English lexicon with counterparts.',
    );
  }
  const { groupToWord, wordToGroup, undirectedEmpty } = report.amplification;
  const empty = groupToWord.emptyCells.length + wordToGroup.emptyCells.length + undirectedEmpty.length;
  if (empty > 0) {
    warn('empty-cells', `Bias amplification leaves out ${empty} pairs of a group and a word that never occur.`);
  }
  return warnings;
}

function isTooSmall({ value }: Rate): boolean {
  return value === null;
}
