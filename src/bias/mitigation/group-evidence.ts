import type { CaptionDecoder, DecoderStep, EncodedImage, Tokenizer } from '../../core/index.js';
import type { Lexicon } from '../lexicon/lexicon.js';
import { checkTwoGroups } from './gates.js';
import { groupTokensOf } from './group-tokens.js';
import { groupLogMasses } from './move-mass.js';

/** Texts after which the model is asked which group's word comes next. */
export const EVIDENCE_CONTEXTS: readonly string[] = ['a', 'a young'];

/** What tells how a model reads a text. */
export interface EvidenceModel {
  readonly decoder: CaptionDecoder;
  readonly tokenizer: Tokenizer;
  /** The tokens that every caption starts with. */
  readonly startTokenIds: readonly number[];
}

/**
 * Reads texts after one image and gives the scores of the next token. What the texts have in common at their beginning is read
 * once, as long as the reader is used.
 *
 * @internal
 */
export class ContextReader {
  readonly #model: EvidenceModel;
  readonly #image: EncodedImage;
  readonly #steps = new Map<string, DecoderStep<unknown>>();

  constructor(model: EvidenceModel, image: EncodedImage) {
    this.#model = model;
    this.#image = image;
  }

  /**
   * Not to be changed by the caller.
   *
   * @param tokenIds of the text, the start tokens not included
   */
  async read(tokenIds: readonly number[]): Promise<DecoderStep<unknown>> {
    const { decoder, startTokenIds } = this.#model;
    const all = [...startTokenIds, ...tokenIds];
    let step: DecoderStep<unknown> | undefined;
    for (let length = 1; length <= all.length; length++) {
      const key = all.slice(0, length).join();
      step =
        this.#steps.get(key) ?? (await decoder.step(step?.state ?? decoder.start(this.#image), [all[length - 1]!]));
      this.#steps.set(key, step);
    }
    return step!;
  }
}

/**
 * How strongly a model takes an image for one of two groups, before it writes a caption: the mean, over views of the image and
 * over contexts, of log(P_A / P_B), P the probability that the next word is one of the group's. Above 0 for the lexicon's first
 * group. Averaged over views it is steadier than at the one place of a caption where the word is chosen.
 *
 * @param views the same image, whole and in parts, each encoded
 * @param contexts default: {@link EVIDENCE_CONTEXTS}, which are English
 * @returns in nats; 0 if the vocabulary has no word of a group after any context
 * @throws InvalidArgumentError for a lexicon of other than two groups; RuntimeError if the decoder fails
 */
export async function groupLogOdds(
  model: EvidenceModel,
  lexicon: Lexicon,
  views: readonly EncodedImage[],
  contexts: readonly string[] = EVIDENCE_CONTEXTS,
): Promise<number> {
  const readers = views.map((view) => new ContextReader(model, view));
  return readGroupLogOdds(model, lexicon, readers, contexts);
}

/** {@link groupLogOdds}, of views that may have been read before. @internal */
export async function readGroupLogOdds(
  { tokenizer, startTokenIds }: EvidenceModel,
  lexicon: Lexicon,
  views: readonly ContextReader[],
  contexts: readonly string[] = EVIDENCE_CONTEXTS,
): Promise<number> {
  checkTwoGroups(lexicon);
  const tokens = groupTokensOf(tokenizer, lexicon);
  const odds: number[] = [];
  for (const view of views) {
    for (const context of contexts) {
      const tokenIds = tokenizer.encode(context);
      const { logits } = await view.read(tokenIds); // unnormalised, which odds do not mind
      const [a = -Infinity, b = -Infinity] = groupLogMasses(logits, tokens.after({ startTokenIds, tokenIds }), 2);
      if (Number.isFinite(a) && Number.isFinite(b)) odds.push(a - b);
    }
  }
  return odds.length === 0 ? 0 : odds.reduce((sum, value) => sum + value, 0) / odds.length;
}

/**
 * The probability that a word of any of the lexicon's groups follows "a", for a model that has seen the image and written nothing.
 * Small for images without people.
 *
 * @returns 0 … 1
 * @throws RuntimeError if the decoder fails
 */
export async function groupShare(model: EvidenceModel, lexicon: Lexicon, image: EncodedImage): Promise<number> {
  return readGroupShare(model, lexicon, new ContextReader(model, image));
}

/** {@link groupShare}, of an image that may have been read before. @internal */
export async function readGroupShare(
  { tokenizer, startTokenIds }: EvidenceModel,
  lexicon: Lexicon,
  image: ContextReader,
): Promise<number> {
  const tokenIds = tokenizer.encode('a');
  const { logits, summary } = await image.read(tokenIds);
  const words = groupTokensOf(tokenizer, lexicon).after({ startTokenIds, tokenIds });
  const logTotal = finite(summary?.logSumExps[0]) ?? logSumExp(logits);
  let share = 0;
  for (const tokenId of new Set(words.map((word) => word.tokenId))) share += Math.exp(logits[tokenId]! - logTotal);
  return share;
}

function finite(value: number | undefined): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

function logSumExp(logits: Float32Array): number {
  let most = -Infinity;
  for (const logit of logits) most = Math.max(most, logit);
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - most);
  return most + Math.log(sum);
}
