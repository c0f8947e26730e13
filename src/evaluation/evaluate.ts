import { InvalidArgumentError } from '../core/index.js';
import {
  type BootstrapEstimate,
  bootstrapSamples,
  captionKeys,
  DocumentFrequencies,
  estimateOf,
  type PairedEstimate,
  pairedEstimateOf,
  tokenize,
  VocabularyAccumulator,
} from '../metrics/index.js';
import {
  collectCaptions,
  commonImages,
  type References,
  referenceSet,
  type SystemCaptions,
  usableReferences,
} from './align.js';
import { type ImageTextEmbedder, ImageTextScorer } from './image-text.js';
import { type Comparison, type EvaluationReport, METRIC_NAMES, type MetricName, type SystemReport } from './report.js';
import { type ScoredSystem, scoreSystem } from './score-system.js';
import { WarningCounter } from './warnings.js';

/** Fewer images give intervals that are not to be relied on. */
const FEW_IMAGES = 30;

/** One image as a measure of bias takes it. */
export interface CaptionWithReferences {
  /** The image's name. */
  readonly id: string;
  /** The system's caption. */
  readonly caption: string;
  /** The references. */
  readonly references: readonly string[];
}

interface CollectedSystem extends Omit<SystemCaptions, 'captions'> {
  readonly captions: ReadonlyMap<string, string>;
}

/** What is evaluated, and how. */
export interface EvaluateOptions<Bias = unknown, BiasDifference = unknown> {
  /** The systems; at least one. */
  readonly systems: readonly SystemCaptions[];
  /** The references. */
  readonly references: References;
  /** Name of what is evaluated on, such as `Flickr8k`. */
  readonly title?: string;
  /** Split that the references are of, such as `dev` or `test`. It is printed with the figures; nothing is chosen by it. */
  readonly split?: string;
  /** What was chosen on these images, in a sentence. It is printed with the figures. */
  readonly chosenOn?: string;
  /** Captions that systems were trained on, to count how many of their captions are among these. Default: none. */
  readonly training?: Iterable<string>;
  /** Bootstrap samples, at least 100. Default: 1000. */
  readonly samples?: number;
  /** Confidence level of intervals, above 0 and below 1. Default: 0.95. */
  readonly level?: number;
  /** Seed of the samples, an integer of at least 0. Default: 0. */
  readonly seed?: number;
  /** Vectors of an image-text model, for CLIPScore and retrieval. Default: none. */
  readonly embeddings?: ImageTextEmbedder;
  /**
   * Measures a system's bias; what it gives goes into the report, and its `warnings` (objects with a `message`) among the
   * report's. Default: no such measure.
   */
  readonly bias?: (images: readonly CaptionWithReferences[], system: string) => Bias;
  /** Compares the bias of two systems on the same images, for `Comparison.bias`. Default: no such comparison. */
  readonly compareBias?: (a: readonly CaptionWithReferences[], b: readonly CaptionWithReferences[]) => BiasDifference;
}

/**
 * Evaluates captions against references: every metric with its bootstrap interval, every pair of systems on the same images,
 * vocabulary, and each image's own scores. Images that a system has no caption of, and captions of images without references,
 * are left out for all systems, and counted in `warnings`.
 *
 * @throws InvalidArgumentError if there are no systems or no references, two systems have one name, no image has captions of all
 *   systems, or an option is out of range; CaptionFileError or whatever `captions` throws
 *
 * @example
 * const report = await evaluate({
 *   systems: [{ name: 'mine', captions: await readCaptions(createReadStream('mine.jsonl')) }],
 *   references: await readCaptions(createReadStream('captions.txt')),
 * });
 * report.systems[0].scores.ciderD; // { estimate: 0.6, low: 0.57, high: 0.63, … }
 */
export async function evaluate<Bias = unknown, BiasDifference = unknown>(
  options: EvaluateOptions<Bias, BiasDifference>,
): Promise<EvaluationReport<Bias, BiasDifference>> {
  const { systems, samples = 1000, level = 0.95, seed = 0 } = options;
  checkSystems(systems);
  const warnings = new WarningCounter();
  const given = referenceSet(options.references);
  const references = usableReferences(given, warnings);
  const collected: CollectedSystem[] = [];
  for (const system of systems) {
    const captions = await collectCaptions(system, references, given.aliases, warnings);
    collected.push({ ...system, captions });
  }
  const images = commonImages(references, collected, warnings);
  warnOfFew(images.length, warnings);
  const sets = collected.map(({ captions }) =>
    images.map((id) => ({ id, caption: captions.get(id)!, references: references.get(id)! })),
  );
  const tokenized = images.map((image) => references.get(image)!.map((reference) => tokenize(reference)));
  const frequencies = new DocumentFrequencies();
  for (const captions of tokenized) frequencies.add(captions);
  const training = options.training && captionKeys(tokenizeAll(options.training));

  const imageText = options.embeddings && new ImageTextScorer(options.embeddings, { samples, level, seed });
  const scored: ScoredSystem[] = [];
  const described: Omit<SystemReport<Bias>, 'scores'>[] = [];
  for (const [i, { name, info = {} }] of collected.entries()) {
    const candidates = sets[i]!.map(({ caption }) => tokenize(caption));
    const set = images.map((id, at) => ({ id, candidate: candidates[at]!, references: tokenized[at]! }));
    scored.push(scoreSystem(set, frequencies));
    const vocabulary = new VocabularyAccumulator(training ? { training } : {});
    for (const candidate of candidates) vocabulary.add(candidate);
    const bias = options.bias?.(sets[i]!, name) ?? null;
    for (const message of messagesOf(bias)) warnings.add('BIAS', message.replace(/\.$/, ''), name);
    const similarity = (await imageText?.score(sets[i]!)) ?? null;
    described.push({ name, info, vocabulary: vocabulary.result(), imageText: similarity, bias });
  }
  const drawn = drawScores(scored, images.length, { samples, level, seed });
  const counts = tokenized.map((captions) => captions.length);
  return {
    format: 'captioneer-evaluation',
    version: 1,
    title: options.title ?? null,
    split: options.split ?? null,
    chosenOn: options.chosenOn ?? null,
    tokenizer: 'captioneer',
    imageTextModel: options.embeddings?.name ?? null,
    imageCount: images.length,
    referencesPerImage: {
      min: counts.reduce((least, count) => Math.min(least, count)),
      mean: counts.reduce((sum, count) => sum + count) / counts.length,
      max: counts.reduce((most, count) => Math.max(most, count)),
    },
    bootstrap: { samples, level, seed },
    systems: described.map((system, i) => ({ ...system, scores: drawn.scores(i) })),
    comparisons: drawn.comparisons(
      systems.map(({ name }) => name),
      (a, b) => options.compareBias?.(sets[a]!, sets[b]!) ?? null,
    ),
    images: images.map((image, i) => ({
      image,
      references: references.get(image)!,
      captions: sets.map((set) => set[i]!.caption),
      scores: scored.map(({ perImage }) => perImage[i]!),
    })),
    judgements: null,
    warnings: [...given.warnings, ...systems.flatMap(warningsOf), ...warnings.list()],
  };
}

function checkSystems(systems: readonly SystemCaptions[]): void {
  if (systems.length === 0) throw new InvalidArgumentError('systems', 'There are no systems. Give at least one.');
  const names = new Set<string>();
  for (const { name } of systems) {
    if (names.has(name))
      throw new InvalidArgumentError('systems', `Two systems are named "${name}". Give each its own name.`);
    names.add(name);
  }
}

function warningsOf({ captions }: SystemCaptions): EvaluationReport['warnings'] {
  return 'captions' in captions ? captions.warnings : [];
}

/** The messages of a measure's `warnings`, if it has any. */
function messagesOf(bias: unknown): string[] {
  const { warnings } = (bias ?? {}) as { readonly warnings?: unknown };
  if (!Array.isArray(warnings)) return [];
  return (warnings as readonly ({ readonly message?: unknown } | null)[]).flatMap((warning) =>
    typeof warning?.message === 'string' ? [warning.message] : [],
  );
}

function warnOfFew(count: number, warnings: WarningCounter): void {
  if (count === 1) {
    warnings.add('ONE_IMAGE', 'there is only one image: its CIDEr is 0 by definition, and intervals have no width');
  } else if (count < FEW_IMAGES) {
    warnings.add(
      'FEW_IMAGES',
      `there are only ${count} images: intervals of fewer than ${FEW_IMAGES} are not reliable`,
    );
  }
}

function* tokenizeAll(captions: Iterable<string>): Generator<string[], void> {
  for (const caption of captions) yield tokenize(caption);
}

/** Scores of the set and of samples of it, the same for all systems, so that differences can be taken. */
function drawScores(
  systems: readonly ScoredSystem[],
  size: number,
  options: { readonly samples: number; readonly level: number; readonly seed: number },
): {
  readonly scores: (system: number) => Record<MetricName, BootstrapEstimate>;
  readonly comparisons: <B>(names: readonly string[], bias: (a: number, b: number) => B | null) => Comparison<B>[];
} {
  const all = Int32Array.from({ length: size }, (_, image) => image);
  const onSet = systems.map(({ scoresOf }) => scoresOf(all));
  const onSamples = systems.map(() => METRIC_NAMES.map(() => new Float64Array(options.samples)));
  let sample = 0;
  for (const images of bootstrapSamples(size, options)) {
    for (const [i, { scoresOf }] of systems.entries()) {
      for (const [m, score] of scoresOf(images).entries()) onSamples[i]![m]![sample] = score;
    }
    sample++;
  }
  const difference = (a: number, b: number, m: number): PairedEstimate =>
    pairedEstimateOf(
      onSet[a]![m]! - onSet[b]![m]!,
      onSamples[a]![m]!.map((score, i) => score - onSamples[b]![m]![i]!),
      options.level,
    );
  return {
    scores: (i) => byMetric((m) => estimateOf(onSet[i]![m]!, onSamples[i]![m]!, options.level)),
    comparisons: (names, bias) =>
      names.flatMap((a, i) =>
        names.slice(i + 1).map((b, j) => {
          const other = i + 1 + j;
          return { a, b, differences: byMetric((m) => difference(i, other, m)), bias: bias(i, other) };
        }),
      ),
  };
}

function byMetric<T>(value: (metric: number) => T): Record<MetricName, T> {
  return Object.fromEntries(METRIC_NAMES.map((name, m) => [name, value(m)])) as Record<MetricName, T>;
}
