import {
  BleuAccumulator,
  bleuOfCounts,
  CiderAccumulator,
  type DocumentFrequencies,
  meanOf,
  MeteorLightAccumulator,
  RougeLAccumulator,
  type TokenizedImage,
} from '../metrics/index.js';
import { IMAGE_METRIC_NAMES, type ImageMetricName, METRIC_NAMES } from './report.js';

/** One system's scores, and how they come of any sample of the images. @internal */
export interface ScoredSystem {
  /** All metrics of a sample, in the order of `METRIC_NAMES`. */
  readonly scoresOf: (images: Int32Array) => number[];
  /** Scores of each image by itself. */
  readonly perImage: readonly Record<ImageMetricName, number>[];
}

/** @internal */
export function scoreSystem(images: readonly TokenizedImage[], documentFrequencies: DocumentFrequencies): ScoredSystem {
  const accumulators = {
    bleu: new BleuAccumulator(),
    rougeL: new RougeLAccumulator(),
    meteorLight: new MeteorLightAccumulator(),
    ciderD: new CiderAccumulator({ documentFrequencies }),
    cider: new CiderAccumulator({ documentFrequencies, variant: 'cider' }),
  };
  for (const image of images) {
    for (const accumulator of Object.values(accumulators)) accumulator.add(image);
  }
  const bleu = accumulators.bleu.result();
  const means = {
    rougeL: accumulators.rougeL.result().perImage,
    meteorLight: accumulators.meteorLight.result().perImage,
    ciderD: accumulators.ciderD.result().perImage,
    cider: accumulators.cider.result().perImage,
  };
  const ofImage = (name: ImageMetricName, image: number): number =>
    round(name === 'bleu4' ? bleu.perImage[image]![3] : means[name][image]!);
  return {
    scoresOf: (sample) => {
      const [bleu1, bleu2, bleu3, bleu4] = bleuOfCounts(bleu.counts, sample);
      const scores = {
        bleu1,
        bleu2,
        bleu3,
        bleu4,
        rougeL: meanOf(means.rougeL)(sample),
        meteorLight: meanOf(means.meteorLight)(sample),
        ciderD: meanOf(means.ciderD)(sample),
        cider: meanOf(means.cider)(sample),
      };
      return METRIC_NAMES.map((name) => scores[name]);
    },
    perImage: images.map(
      (_, image) =>
        Object.fromEntries(IMAGE_METRIC_NAMES.map((name) => [name, ofImage(name, image)])) as Record<
          ImageMetricName,
          number
        >,
    ),
  };
}

/** Scores of single images are not read to more digits, and a report has many. */
function round(score: number): number {
  return Math.round(score * 1e5) / 1e5;
}
