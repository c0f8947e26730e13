import type { Manifest } from '../core/index.js';
import { correctArticles, settledArticles } from '../language/indefinite-article.js';
import type { Model } from '../model/index.js';
import type { ImageStatistics } from '../preprocess/index.js';
import type { Hypothesis } from '../search/index.js';
import type { Caption } from './caption-result.js';
import { splitAttention } from './caption-regions.js';
import { captionWords } from './caption-words.js';
import { cleanText } from './clean-text.js';
import { assess, captionStatistics } from './confidence.js';

/** What a writer is told of a call. */
export interface WriterOptions {
  /** Tokens of the text that every caption begins with, which the search does not give. */
  readonly prefix: readonly number[];
  /** Most tokens of a caption, its end included. */
  readonly maxLength: number;
  /** Whether tokens and words tell the attention. */
  readonly hasAttention: boolean;
  /** Changes finished texts. Default as they are. */
  readonly rewrite?: ((text: string) => string) | undefined;
}

/** Turns the tokens that a search found into text. */
export class CaptionWriter {
  readonly #model: Pick<Model, 'manifest' | 'tokenizer'>;
  readonly #options: WriterOptions;

  constructor(model: Pick<Model, 'manifest' | 'tokenizer'>, options: WriterOptions) {
    this.#model = model;
    this.#options = options;
  }

  /**
   * The caption of a hypothesis about an image.
   *
   * @param regions how many the encoder found in it
   */
  write(hypothesis: Hypothesis, image: ImageStatistics, regions = 0): Caption {
    const { manifest, tokenizer } = this.#model;
    const { prefix, maxLength, hasAttention, rewrite = (text: string) => text } = this.#options;
    const { tokenIds, tokenLogProbs, tokenEntropies, attention, score, logProb, isFinished } = hypothesis;
    const tokens = tokenIds.map((id, index) => ({
      id,
      text: cleanText(tokenizer.token(id) ?? ''),
      logProb: tokenLogProbs[index] as number,
      entropy: tokenEntropies[index] as number,
      ...(hasAttention && attention?.[index] && splitAttention(attention[index], manifest.regions, regions)),
    }));
    const statistics = captionStatistics(hypothesis, image);
    const text = rewrite(cleanText(tokenizer.decode([...prefix, ...tokenIds])));
    return {
      text: finishText(hasArticles(manifest) ? correctArticles(text) : text, manifest.text, isFinished),
      score,
      logProb,
      ...assess(statistics, manifest.calibration),
      statistics,
      tokens,
      words: captionWords(tokens, prefix, tokenizer),
      finishReason: isFinished ? 'stop' : tokenIds.length >= maxLength ? 'length' : 'stopping-criterion',
    };
  }

  /** The text of a caption's first tokens, as far as no later token can change it. */
  writeBeginning(tokenIds: readonly number[]): string {
    const { manifest, tokenizer } = this.#model;
    const text = cleanText(tokenizer.decode([...this.#options.prefix, ...tokenIds], { isPartial: true }));
    return finishText(hasArticles(manifest) ? correctArticles(settledArticles(text)) : text, manifest.text, false);
  }
}

/** Whether articles are corrected: if text is finished to sentences, and these are in English only. */
function hasArticles({ text, languages }: Pick<Manifest, 'text' | 'languages'>): boolean {
  return text?.sentenceCase === true && languages.length > 0 && languages.every((language) => /^en\b/i.test(language));
}

/**
 * A caption's text as its reader expects it: without the spaces around it that byte pairs bring (`Ġa Ġdog`), sentence case and
 * full stop if the manifest asks for them. A text that was cut has no full stop, which would say that it is complete.
 */
export function finishText(decoded: string, rules: Manifest['text'], isFinished: boolean): string {
  const text = decoded.trim();
  if (rules === undefined || text === '') return text;
  const first = text.slice(0, 1);
  const cased = rules.sentenceCase ? first.toLocaleUpperCase('en') + text.slice(1) : text;
  return rules.fullStop && isFinished && !/[.!?]$/.test(cased) ? `${cased}.` : cased;
}
