import type { BootstrapEstimate, PairedEstimate, VocabularyStatistics } from '../metrics/index.js';
import type { ImageTextScores } from './image-text.js';
import type { JudgementSummary } from './judging.js';
import type { EvaluationWarning } from './warnings.js';

/** Metrics that compare a caption with references. */
export const METRIC_NAMES = ['bleu1', 'bleu2', 'bleu3', 'bleu4', 'rougeL', 'meteorLight', 'ciderD', 'cider'] as const;

/** A metric that compares a caption with references. */
export type MetricName = (typeof METRIC_NAMES)[number];

/** Metrics that are reported of each image. */
export const IMAGE_METRIC_NAMES = ['bleu4', 'rougeL', 'meteorLight', 'ciderD'] as const;

/** A metric that is reported of each image. */
export type ImageMetricName = (typeof IMAGE_METRIC_NAMES)[number];

/** Facts about a system besides its name: plain values that a report prints. */
export type SystemInfo = Readonly<Record<string, string | number | boolean | null>>;

/** One system's figures. */
export interface SystemReport<Bias = unknown> {
  /** The system's name. */
  readonly name: string;
  /** Facts about it, as they were given. */
  readonly info: SystemInfo;
  /** Each metric with its interval. CIDEr is 0 … 10, all others are 0 … 1. */
  readonly scores: Readonly<Record<MetricName, BootstrapEstimate>>;
  /** Vocabulary, length and novelty of its captions. */
  readonly vocabulary: VocabularyStatistics;
  /** What an image-text model makes of its captions; null without `EvaluateOptions.embeddings`. */
  readonly imageText: ImageTextScores | null;
  /** What `EvaluateOptions.bias` gave; null without that option. */
  readonly bias: Bias | null;
}

/** Two systems compared on the same images. */
export interface Comparison<BiasDifference = unknown> {
  /** Name of one system. */
  readonly a: string;
  /** Name of the other. */
  readonly b: string;
  /** Each metric of `a` less that of `b`, with its interval. */
  readonly differences: Readonly<Record<MetricName, PairedEstimate>>;
  /** What `EvaluateOptions.compareBias` gave; null without that option. */
  readonly bias: BiasDifference | null;
}

/** One image: its references, each system's caption, and their scores. */
export interface ImageReport {
  /** The image's name. */
  readonly image: string;
  /** The references, as they were given. */
  readonly references: readonly string[];
  /** A caption for each system, in the order of `systems`. */
  readonly captions: readonly string[];
  /** Scores of each system's caption, in the order of `systems`. */
  readonly scores: readonly Readonly<Record<ImageMetricName, number>>[];
}

/** All figures of an evaluation, as plain JSON. */
export interface EvaluationReport<Bias = unknown, BiasDifference = unknown> {
  /** Always `captioneer-evaluation`. */
  readonly format: 'captioneer-evaluation';
  /** Version of this form. */
  readonly version: 1;
  /** Name of what was evaluated, such as `Flickr8k`; null if it was not given. */
  readonly title: string | null;
  /** Split that the images are of; null if it was not given. */
  readonly split: string | null;
  /** What was chosen on these images, such as a model or a setting; null if it was not given. */
  readonly chosenOn: string | null;
  /** The tokenizer. Scores of other tokenizers do not compare. */
  readonly tokenizer: 'captioneer';
  /** Name of the image-text model; null if there is none. Scores of different models do not compare. */
  readonly imageTextModel: string | null;
  /** Number of images that were scored. */
  readonly imageCount: number;
  /** References an image. */
  readonly referencesPerImage: { readonly min: number; readonly mean: number; readonly max: number };
  /** How intervals were made: samples of the images, drawn with replacement; document frequencies are those of all images. */
  readonly bootstrap: { readonly samples: number; readonly level: number; readonly seed: number };
  /** Each system, in the order given. */
  readonly systems: readonly SystemReport<Bias>[];
  /** Each pair of systems. */
  readonly comparisons: readonly Comparison<BiasDifference>[];
  /** Each image, in the references' order. */
  readonly images: readonly ImageReport[];
  /** How people judged the captions; null if nobody did. See `summariseJudgements`. */
  readonly judgements: JudgementSummary | null;
  /** What was left out, and what is to be read with care. */
  readonly warnings: readonly EvaluationWarning[];
}
