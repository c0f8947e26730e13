import {
  accumulate,
  checkReferences,
  meanScore,
  type MeanScore,
  type MetricAccumulator,
  NumberList,
  type TokenizedImage,
} from './caption-sets.js';

/** How much more recall counts than precision. */
const BETA = 1.2;

/**
 * ROUGE-L (Lin 2004) over image after image, as pycocoevalcap computes it: the largest precision and the largest recall over the
 * references, each by itself, of the longest common subsequence; F with β = 1.2; the mean over images.
 */
export class RougeLAccumulator implements MetricAccumulator<MeanScore> {
  readonly #scores = new NumberList();

  /** Number of images added so far. */
  get size(): number {
    return this.#scores.size;
  }

  /**
   * Takes one image.
   *
   * @throws InvalidArgumentError if it has no references
   */
  add(image: TokenizedImage): void {
    checkReferences(image, this.size);
    this.#scores.push(scoreImage(image));
  }

  /**
   * ROUGE-L of all images added so far, 0 … 1. More may be added afterwards.
   *
   * @throws InvalidArgumentError if none was added
   */
  result(): MeanScore {
    return meanScore(this.#scores.toArray());
  }
}

/**
 * ROUGE-L of a set of tokenized captions, 0 … 1. See {@link RougeLAccumulator}.
 *
 * @throws InvalidArgumentError if there are no images, or one has no references
 */
export function rougeL(images: Iterable<TokenizedImage>): MeanScore {
  return accumulate(new RougeLAccumulator(), images).result();
}

function scoreImage({ candidate, references }: TokenizedImage): number {
  const words = orOneEmpty(candidate);
  let precision = 0;
  let recall = 0;
  for (const reference of references) {
    const others = orOneEmpty(reference);
    const common = longestCommonSubsequence(words, others);
    precision = Math.max(precision, common / words.length);
    recall = Math.max(recall, common / others.length);
  }
  if (precision === 0 || recall === 0) return 0;
  return ((1 + BETA ** 2) * precision * recall) / (recall + BETA ** 2 * precision);
}

/** pycocoevalcap splits at spaces, so a caption without tokens has one, which is empty. */
function orOneEmpty(tokens: readonly string[]): readonly string[] {
  return tokens.length > 0 ? tokens : [''];
}

function longestCommonSubsequence(a: readonly string[], b: readonly string[]): number {
  const row = new Int32Array(b.length + 1);
  for (const word of a) {
    let diagonal = 0;
    for (let j = 1; j <= b.length; j++) {
      const above = row[j]!;
      row[j] = word === b[j - 1] ? diagonal + 1 : Math.max(above, row[j - 1]!);
      diagonal = above;
    }
  }
  return row[b.length]!;
}
