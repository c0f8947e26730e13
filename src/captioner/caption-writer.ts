import type { Caption } from './caption-result.js';
import { captionWords } from './caption-words.js';
import { captionStatistics, confidence } from './confidence.js';
import type { Model } from '../model/index.js';
import { finishText } from './finish-text.js';
import type { ImageStatistics } from '../preprocess/index.js';
import type { Hypothesis } from '../search/index.js';

/** Turns the tokens that a search found into text. */
export class CaptionWriter {
  readonly #model: Pick<Model, 'manifest' | 'tokenizer'>;
  readonly #prefix: readonly number[];

  /** @param prefix tokens of the text that every caption begins with, which the search does not give */
  constructor(model: Pick<Model, 'manifest' | 'tokenizer'>, prefix: readonly number[]) {
    this.#model = model;
    this.#prefix = prefix;
  }

  /** The caption of a hypothesis about a picture. */
  write(hypothesis: Hypothesis, image: ImageStatistics): Caption {
    const { manifest, tokenizer } = this.#model;
    const { tokenIds, tokenLogProbs, tokenEntropies, attention, score, logProb, isFinished } = hypothesis;
    const tokens = tokenIds.map((id, index) => ({
      id,
      text: tokenizer.token(id) ?? '',
      logProb: tokenLogProbs[index] as number,
      entropy: tokenEntropies[index] as number,
      ...(attention?.[index] && { attention: attention[index] }),
    }));
    const statistics = captionStatistics(hypothesis, image);
    return {
      text: finishText(tokenizer.decode([...this.#prefix, ...tokenIds]), manifest.text, isFinished),
      score,
      logProb,
      ...(manifest.calibration && { confidence: confidence(statistics, manifest.calibration) }),
      statistics,
      tokens,
      words: captionWords(tokens, this.#prefix, tokenizer),
      isFinished,
    };
  }

  /** The text of a caption's first tokens, as far as no later token can change it. */
  writeBeginning(tokenIds: readonly number[]): string {
    const { manifest, tokenizer } = this.#model;
    const text = tokenizer.decode([...this.#prefix, ...tokenIds], { isPartial: true });
    return finishText(text, manifest.text, false);
  }
}
