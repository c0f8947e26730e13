import { InvalidArgumentError } from '../../core/index.js';
import { bootstrap, type BootstrapEstimate, type BootstrapOptions, meanOf } from '../../metrics/index.js';
import { type CaptionedImage, sortImages, type SortedImage } from '../images.js';
import type { LabelRule } from '../labels.js';
import { type Gender, GENDER_EN } from '../lexicon/data/gender-en.js';
import type { Lexicon } from '../lexicon/lexicon.js';
import { DEFAULT_GENDER_THRESHOLDS, type GenderThresholds, genderVerdict } from '../mitigation/gender-policy.js';
import { type Misclassification, misclassification } from './misclassification.js';
import { type NeutralQuality, neutralQuality } from './neutral-quality.js';

/**
 * What `gender: 'confident'` decides by: from it, the caption at any thresholds is known without another run. The captioner gives
 * it with the option `genderEvidence`.
 */
export interface GenderEvidence {
  /** log(P_male / P_female) of the model, in nats, the mean over four views of the image; above 0 for male. */
  readonly logOdds: number;
  /** The captions if only male words are allowed, only female words, and none of both. */
  readonly captions: Readonly<Record<Gender | 'none', string>>;
}

/** One image with what decides about the gender in its caption. */
export interface EvidenceImage extends Omit<CaptionedImage<Gender>, 'caption'> {
  readonly evidence: GenderEvidence;
  /** The caption as the system was run, to compare the curve with. All images have it, or none. */
  readonly caption?: string;
}

/** How a curve is made. */
export interface ThresholdCurveOptions {
  /** Default: `GENDER_EN`. */
  readonly lexicon?: Lexicon<Gender>;
  /** How images are labelled whose label is not given. Default: at least 3 references name the group, none another. */
  readonly labelRule?: LabelRule;
  /** A rate of fewer images is null. At least 1. Default 30. */
  readonly minImages?: number;
  /**
   * The log odds, in nats, that both thresholds are moved away from, by the same margin. Default: the middle between the median
   * evidence of male and that of female images, so that models of different bias can be compared.
   */
  readonly centre?: number;
  /** Number of points, 2 … 200; fewer if images have the same evidence. Default 25. */
  readonly points?: number;
  /** Of the intervals of CIDEr-D. Default 1000 samples, level 0.95, seed 0. */
  readonly bootstrap?: Omit<BootstrapOptions, 'strata'>;
}

/** What captions are worth. */
export interface CurveFigures {
  readonly overall: Misclassification;
  readonly groups: Readonly<Record<Gender, Misclassification>>;
  /** CIDEr-D with groups' words neutralised, 0 … 10; null if fewer than two images have two references. */
  readonly neutralCiderD: BootstrapEstimate | null;
}

/** Captions at one pair of thresholds. */
export interface ThresholdPoint extends CurveFigures {
  readonly thresholds: GenderThresholds;
}

/** Error, coverage and quality over thresholds. */
export interface ThresholdCurve {
  /** Labelled images, which all points are of. */
  readonly images: number;
  /** See {@link ThresholdCurveOptions.centre}. */
  readonly centre: number;
  /** From the largest coverage to the smallest. */
  readonly points: readonly ThresholdPoint[];
  /** The captions as the system was run, on the same images; null if they were not given. */
  readonly asRun: CurveFigures | null;
}

/**
 * The curve of error against coverage, and against quality, of `gender: 'confident'`: the thresholds of the evidence are moved
 * apart, so that fewer and fewer captions name a gender. Only labelled images count.
 *
 * A threshold that is chosen on such a curve has to be measured on other images.
 *
 * @returns null if no image has a label
 * @throws InvalidArgumentError for an image that is broken (the message names its row) or an option out of range
 */
export function thresholdCurve(
  images: Iterable<EvidenceImage>,
  options: ThresholdCurveOptions = {},
): ThresholdCurve | null {
  const { lexicon = GENDER_EN, minImages = 30, points = 25 } = options;
  if (!Number.isInteger(points) || points < 2 || points > 200) {
    throw new InvalidArgumentError('points', `points must be an integer from 2 to 200, not ${points}.`);
  }
  if (options.centre !== undefined && !Number.isFinite(options.centre)) {
    throw new InvalidArgumentError('centre', `centre must be a finite number, not ${options.centre}.`);
  }
  const given = [...images];
  given.forEach(checkEvidence);
  const variants = sortVariants(given, lexicon, options.labelRule);
  const logOdds = given.map(({ evidence }) => evidence.logOdds);
  const labelled = variants.none.flatMap(({ label }, i) => (label === null ? [] : [i]));
  if (labelled.length === 0) return null;
  const centre = options.centre ?? middle(labelled.map((i) => [variants.none[i]!.label!, logOdds[i]!]));
  const figures = curveFigures(variants, labelled, { lexicon, minImages, bootstrap: options.bootstrap });
  const pointAt = (margin: number): ThresholdPoint => {
    const thresholds = { male: centre + margin, female: centre - margin };
    return { thresholds, ...figures((i) => genderVerdict(logOdds[i]!, thresholds)) };
  };
  const distances = labelled.map((i) => Math.abs(logOdds[i]! - centre)).sort((a, b) => a - b);
  const margins = Array.from({ length: points }, (_, k) => distances[Math.floor((k * distances.length) / points)]!);
  // Thresholds must differ.
  const usable = [...new Set(margins)].filter((margin) => margin > 0);
  const asRun = variants.asRun === undefined ? null : figures(() => 'asRun');
  return { images: labelled.length, centre, points: usable.map(pointAt), asRun };
}

/** The middle between the groups' medians; that of the thresholds that ship, if a group has no image. */
function middle(evidence: readonly (readonly [label: Gender, logOdds: number])[]): number {
  const medianOf = (group: Gender): number | undefined => {
    const sorted = evidence.flatMap(([label, logOdds]) => (label === group ? [logOdds] : [])).sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)];
  };
  const { male, female } = DEFAULT_GENDER_THRESHOLDS;
  const [ofMen, ofWomen] = [medianOf('male'), medianOf('female')];
  return ofMen === undefined || ofWomen === undefined ? (male + female) / 2 : (ofMen + ofWomen) / 2;
}

type Variant = Gender | 'none' | 'asRun';
/** All images, by which captions they have. */
type Variants = Readonly<Record<Gender | 'none', Sorted>> & { readonly asRun?: Sorted };
type Sorted = readonly SortedImage<Gender>[];

function checkEvidence({ id, evidence, caption }: EvidenceImage, i: number, all: readonly EvidenceImage[]): void {
  const row = `Row ${i + 1}${id === undefined ? '' : ` ("${id}")`}`;
  const given = evidence as Partial<GenderEvidence> | undefined;
  if (!Number.isFinite(given?.logOdds) || typeof given?.captions !== 'object') {
    throw new InvalidArgumentError('evidence', `${row}: evidence needs logOdds, a finite number, and captions.`);
  }
  if ((caption === undefined) !== (all[0]!.caption === undefined)) {
    throw new InvalidArgumentError('caption', `${row}: give a caption of every image, or of none.`);
  }
}

function sortVariants(images: readonly EvidenceImage[], lexicon: Lexicon<Gender>, rule?: LabelRule): Variants {
  const sorted = (captionOf: (image: EvidenceImage) => string): Sorted =>
    sortImages(
      images.map(({ evidence, ...image }) => ({ ...image, caption: captionOf({ evidence, ...image }) })),
      lexicon,
      rule,
    );
  const of = (verdict: Gender | 'none'): Sorted => sorted(({ evidence }) => evidence.captions[verdict]);
  const isRun = images[0]?.caption !== undefined;
  return {
    male: of('male'),
    female: of('female'),
    none: of('none'),
    ...(isRun && { asRun: sorted(({ caption }) => caption!) }),
  };
}

interface FigureOptions {
  readonly lexicon: Lexicon<Gender>;
  readonly minImages: number;
  readonly bootstrap: ThresholdCurveOptions['bootstrap'];
}

/** Scores every caption once; figures are of one caption for each labelled image. */
function curveFigures(
  variants: Variants,
  labelled: readonly number[],
  { lexicon, minImages, bootstrap: options }: FigureOptions,
): (choose: (image: number) => Variant) => CurveFigures {
  const ofLabelled = (images: Sorted): SortedImage<Gender>[] => labelled.map((i) => images[i]!);
  const scores = Object.fromEntries(
    Object.entries(variants).map(([variant, images]) => [variant, neutralQuality(ofLabelled(images), lexicon)]),
  ) as Partial<Record<Variant, NeutralQuality>>;
  const { positions } = scores.none!;
  const strata = positions.map((at) => variants.none[labelled[at]!]!.label!);
  return (choose) => {
    const chosen = labelled.map(choose);
    const said = labelled.map((i, at) => variants[chosen[at]!]![i]!);
    const rates = (groups: readonly Gender[]): Misclassification => misclassification(said, groups, minImages);
    const ciderD = Float64Array.from(positions, (at, i) => scores[chosen[at]!]!.captions[i]!);
    return {
      overall: rates(lexicon.groupNames),
      groups: { male: rates(['male']), female: rates(['female']) },
      neutralCiderD: positions.length < 2 ? null : bootstrap(positions.length, meanOf(ciderD), { ...options, strata }),
    };
  };
}
