import { InvalidArgumentError } from '../core/index.js';
import {
  bootstrap,
  type BootstrapEstimate,
  type BootstrapOptions,
  clipScore,
  type Embedding,
  type Interval,
  meanOf,
  refClipScore,
  retrieval,
  type RetrievalScores,
  wilsonInterval,
} from '../metrics/index.js';

/** An image-text model such as CLIP, or vectors that it made. */
export interface ImageTextEmbedder {
  /** Name of the model, for the report. */
  readonly name: string;
  /** The vector of an image, by its name. */
  image(image: string): Embedding | Promise<Embedding>;
  /** The vector of a caption; CLIPScore puts `CLIP_SCORE_PREFIX` before it. */
  text(caption: string): Embedding | Promise<Embedding>;
}

/** Recall at one rank. */
export interface RecallAtRank extends Interval {
  readonly k: number;
  /** Queries whose right answer is among the first k. */
  readonly count: number;
  readonly total: number;
  /** count / total. */
  readonly rate: number;
}

/** How well one side finds the other among all images of the evaluation. */
export interface RetrievalReport {
  /** At 1, 5 and 10, with Wilson's intervals. */
  readonly recall: readonly RecallAtRank[];
  readonly medianRank: number;
}

/** What an image-text model makes of one system's captions. */
export interface ImageTextScores {
  /** CLIPScore, 0 … 2.5. */
  readonly clipScore: BootstrapEstimate;
  /** RefCLIPScore. */
  readonly refClipScore: BootstrapEstimate;
  /** Each caption searches its image. */
  readonly imagesByCaption: RetrievalReport;
  /** Each image searches its caption. */
  readonly captionsByImage: RetrievalReport;
}

interface CaptionedImage {
  readonly id: string;
  readonly caption: string;
  readonly references: readonly string[];
}

const RANKS = [1, 5, 10];

/** Scores systems by an image-text model; each image and text is asked for once. @internal */
export class ImageTextScorer {
  readonly #embedder: ImageTextEmbedder;
  readonly #options: BootstrapOptions;
  readonly #vectors = new Map<string, Embedding>();

  constructor(embedder: ImageTextEmbedder, options: BootstrapOptions) {
    this.#embedder = embedder;
    this.#options = options;
  }

  /** @throws InvalidArgumentError if vectors do not fit together, or what the embedder throws */
  async score(images: readonly CaptionedImage[]): Promise<ImageTextScores> {
    const ofImages: Embedding[] = [];
    const ofCaptions: Embedding[] = [];
    const scores: number[] = [];
    const withReferences: number[] = [];
    for (const { id, caption, references } of images) {
      const image = await this.#vector('image', id);
      const text = await this.#vector('text', caption);
      const ofReferences: Embedding[] = [];
      for (const reference of references) ofReferences.push(await this.#vector('text', reference));
      ofImages.push(image);
      ofCaptions.push(text);
      scores.push(clipScore(image, text));
      withReferences.push(refClipScore(image, text, ofReferences));
    }
    const { imagesByCaption, captionsByImage } = retrieval(ofImages, ofCaptions, { k: RANKS });
    return {
      clipScore: this.#mean(scores),
      refClipScore: this.#mean(withReferences),
      imagesByCaption: reportRetrieval(imagesByCaption, this.#options.level),
      captionsByImage: reportRetrieval(captionsByImage, this.#options.level),
    };
  }

  #mean(scores: readonly number[]): BootstrapEstimate {
    return bootstrap(scores.length, meanOf(scores), this.#options)!;
  }

  async #vector(kind: 'image' | 'text', name: string): Promise<Embedding> {
    const key = `${kind} ${name}`;
    const known = this.#vectors.get(key);
    if (known) return known;
    const vector: Embedding | undefined = await this.#embedder[kind](name);
    if (typeof (vector as Embedding | undefined)?.length !== 'number') {
      throw new InvalidArgumentError('embeddings', `There is no embedding of the ${kind} "${name}". Give one of each.`);
    }
    this.#vectors.set(key, vector);
    return vector;
  }
}

function reportRetrieval({ ranks, medianRank }: RetrievalScores, level?: number): RetrievalReport {
  const total = ranks.length;
  const recall = RANKS.map((k) => {
    const count = ranks.filter((rank) => rank <= k).length;
    return { k, count, total, rate: count / total, ...wilsonInterval(count, total, level) };
  });
  return { recall, medianRank };
}
