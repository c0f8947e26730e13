import {
  accumulate,
  checkReferences,
  meanScore,
  type MeanScore,
  type MetricAccumulator,
  NumberList,
  type TokenizedImage,
} from './caption-sets.js';
import { porterStem } from './porter-stem.js';

/** Weight of precision against recall, and the form of the penalty on fragments: those of the first METEOR. */
const ALPHA = 0.9;
const BETA = 3;
const GAMMA = 0.5;

/**
 * A light METEOR over image after image: that of Banerjee and Lavie 2005 with exact matches and matches of stems (Porter), and
 * without synonyms and paraphrases, which need WordNet and tables of another size. So it is **not** METEOR 1.5, which papers
 * print, and is lower; compare it only with itself. Words are aligned as NLTK's `meteor_score` does. For each image the best
 * reference counts; the score is the mean over images.
 */
export class MeteorLightAccumulator implements MetricAccumulator<MeanScore> {
  readonly #scores = new NumberList();
  readonly #stems = new Map<string, string>();

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
    const stem = (word: string) => this.#stem(word);
    this.#scores.push(Math.max(...image.references.map((reference) => scoreCaption(image.candidate, reference, stem))));
  }

  /**
   * The score of all images added so far, 0 … 1. More may be added afterwards.
   *
   * @throws InvalidArgumentError if none was added
   */
  result(): MeanScore {
    return meanScore(this.#scores.toArray());
  }

  #stem(word: string): string {
    let stem = this.#stems.get(word);
    if (stem === undefined) {
      stem = porterStem(word);
      this.#stems.set(word, stem);
    }
    return stem;
  }
}

/**
 * Light METEOR of a set of tokenized captions, 0 … 1. See {@link MeteorLightAccumulator}: it is not METEOR 1.5.
 *
 * @throws InvalidArgumentError if there are no images, or one has no references
 */
export function meteorLight(images: Iterable<TokenizedImage>): MeanScore {
  return accumulate(new MeteorLightAccumulator(), images).result();
}

function scoreCaption(
  candidate: readonly string[],
  reference: readonly string[],
  stem: (word: string) => string,
): number {
  /** For each word of the candidate the place of its match in the reference, or -1. */
  const matches = new Int32Array(candidate.length).fill(-1);
  const isTaken = new Uint8Array(reference.length);
  match(candidate, reference, matches, isTaken);
  match(candidate.map(stem), reference.map(stem), matches, isTaken);

  let matched = 0;
  let chunks = 0;
  for (let i = 0; i < matches.length; i++) {
    if (matches[i] === -1) continue;
    matched++;
    if (i === 0 || matches[i - 1] === -1 || matches[i] !== matches[i - 1]! + 1) chunks++;
  }
  if (matched === 0) return 0;
  const precision = matched / candidate.length;
  const recall = matched / reference.length;
  const mean = (precision * recall) / (ALPHA * precision + (1 - ALPHA) * recall);
  return mean * (1 - GAMMA * (chunks / matched) ** BETA);
}

/** Matches equal words that are still free, from the end to the start. */
function match(words: readonly string[], others: readonly string[], matches: Int32Array, isTaken: Uint8Array): void {
  for (let i = words.length - 1; i >= 0; i--) {
    if (matches[i] !== -1) continue;
    for (let j = others.length - 1; j >= 0; j--) {
      if (isTaken[j] || words[i] !== others[j]) continue;
      matches[i] = j;
      isTaken[j] = 1;
      break;
    }
  }
}
