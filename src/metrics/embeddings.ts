import { InvalidArgumentError } from '../core/index.js';
import { checkNotEmpty, meanScore, type MeanScore } from './caption-sets.js';
import { checks } from '../validate/index.js';

/** A vector that an image-text model made; it need not be of length 1. */
export type Embedding = ArrayLike<number>;

/** Weight of CLIPScore: it spreads the cosines of ViT-B/32 over 0 … 1. */
const CLIP_WEIGHT = 2.5;

/** What CLIPScore puts before a caption before the text encoder reads it. */
export const CLIP_SCORE_PREFIX = 'A photo depicts ';

/**
 * The cosine of two embeddings, −1 … 1; 0 if one of them is all zeros.
 *
 * @throws InvalidArgumentError if they differ in length, are empty, or hold numbers that are not finite
 */
export function cosine(a: Embedding, b: Embedding): number {
  if (a.length === 0 || a.length !== b.length) {
    throw new InvalidArgumentError(
      'embeddings',
      `Embeddings have ${a.length} and ${b.length} numbers. Give two of the same model.`,
    );
  }
  let product = 0;
  let squaresA = 0;
  let squaresB = 0;
  for (let i = 0; i < a.length; i++) {
    product += a[i]! * b[i]!;
    squaresA += a[i]! ** 2;
    squaresB += b[i]! ** 2;
  }
  if (!Number.isFinite(product + squaresA + squaresB)) {
    throw new InvalidArgumentError('embeddings', 'An embedding holds numbers that are not finite.');
  }
  const norm = Math.sqrt(squaresA) * Math.sqrt(squaresB);
  return norm === 0 ? 0 : Math.max(-1, Math.min(1, product / norm));
}

/**
 * CLIPScore (Hessel et al. 2021) of one caption: 2.5 · max(cosine, 0), so 0 … 2.5. It needs no references. Published figures
 * are those of CLIP ViT-B/32 with {@link CLIP_SCORE_PREFIX} before the caption; other models give other figures.
 *
 * @param image embedding of the image
 * @param caption embedding of the caption under test
 * @throws InvalidArgumentError if the embeddings do not fit together
 */
export function clipScore(image: Embedding, caption: Embedding): number {
  return CLIP_WEIGHT * Math.max(cosine(image, caption), 0);
}

/**
 * RefCLIPScore (Hessel et al. 2021) of one caption: the harmonic mean of its CLIPScore and of its largest cosine with a
 * reference, at least 0.
 *
 * @param image embedding of the image
 * @param caption embedding of the caption under test
 * @param references embeddings of the reference captions; at least one
 * @throws InvalidArgumentError if there are no references, or embeddings do not fit together
 */
export function refClipScore(image: Embedding, caption: Embedding, references: readonly Embedding[]): number {
  if (references.length === 0) throw new InvalidArgumentError('references', 'Give at least one reference.');
  const score = clipScore(image, caption);
  const nearest = Math.max(0, ...references.map((reference) => cosine(caption, reference)));
  return score + nearest === 0 ? 0 : (2 * score * nearest) / (score + nearest);
}

/**
 * CLIPScore of a set: the mean over images.
 *
 * @param images embeddings of the images
 * @param captions embeddings of their captions, in the same order
 * @throws InvalidArgumentError if there are none, their numbers differ, or embeddings do not fit together
 */
export function clipScores(images: readonly Embedding[], captions: readonly Embedding[]): MeanScore {
  checkPaired(images, captions);
  return meanScore(Float64Array.from(images, (image, i) => clipScore(image, captions[i]!)));
}

/** How well one side finds the other. */
export interface RetrievalScores {
  /** Share of queries whose right answer is among the first k, for each k that was asked for: recall at k, 0 … 1. */
  readonly recall: Readonly<Record<number, number>>;
  /** Rank of the right answer, 1 for the first, of each query. Equal similarities rank before it. */
  readonly ranks: Int32Array;
  /** Median of the ranks. */
  readonly medianRank: number;
}

/**
 * Retrieval among a set of images and captions: for each caption all images ranked by cosine, and for each image all captions.
 * It tells whether captions say what sets an image apart.
 *
 * @param images embeddings of the images
 * @param captions embeddings of their captions, in the same order
 * @param options `k`: ranks to count up to. Default: 1, 5, 10
 * @throws InvalidArgumentError if there are none, their numbers differ, a k is not a positive integer, or embeddings do not fit
 */
export function retrieval(
  images: readonly Embedding[],
  captions: readonly Embedding[],
  options: { readonly k?: readonly number[] } = {},
): { readonly imagesByCaption: RetrievalScores; readonly captionsByImage: RetrievalScores } {
  const { k = [1, 5, 10] } = options;
  checkPaired(images, captions);
  k.forEach((rank, at) => checks.argument(`k[${at}]`, checks.integer(1), rank));
  return {
    imagesByCaption: scoreRanks(rankRightAnswers(captions, images), k),
    captionsByImage: scoreRanks(rankRightAnswers(images, captions), k),
  };
}

function checkPaired(images: readonly Embedding[], captions: readonly Embedding[]): void {
  checkNotEmpty(images.length);
  if (images.length === captions.length) return;
  throw new InvalidArgumentError(
    'captions',
    `There are ${captions.length} captions for ${images.length} images. Give one for each.`,
  );
}

function rankRightAnswers(queries: readonly Embedding[], answers: readonly Embedding[]): Int32Array {
  return Int32Array.from(queries, (query, right) => {
    const similarity = cosine(query, answers[right]!);
    let rank = 1;
    for (let i = 0; i < answers.length; i++) {
      if (i !== right && cosine(query, answers[i]!) >= similarity) rank++;
    }
    return rank;
  });
}

function scoreRanks(ranks: Int32Array, k: readonly number[]): RetrievalScores {
  const sorted = ranks.slice().sort();
  const middle = sorted.length / 2;
  return {
    recall: Object.fromEntries(k.map((most) => [most, ranks.filter((rank) => rank <= most).length / ranks.length])),
    ranks,
    medianRank: (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2,
  };
}
