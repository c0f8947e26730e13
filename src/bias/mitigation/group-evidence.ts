import type { CaptionDecoder, EncodedImage, Tokenizer } from '../../core/index.js';
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
  { decoder, tokenizer, startTokenIds }: EvidenceModel,
  lexicon: Lexicon,
  views: readonly EncodedImage[],
  contexts: readonly string[] = EVIDENCE_CONTEXTS,
): Promise<number> {
  checkTwoGroups(lexicon);
  const tokens = groupTokensOf(tokenizer, lexicon);
  const odds: number[] = [];
  for (const view of views) {
    for (const context of contexts) {
      const tokenIds = tokenizer.encode(context);
      const logits = await nextLogits(decoder, view, [...startTokenIds, ...tokenIds]);
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
export async function groupShare(
  { decoder, tokenizer, startTokenIds }: EvidenceModel,
  lexicon: Lexicon,
  image: EncodedImage,
): Promise<number> {
  const tokenIds = tokenizer.encode('a');
  const logits = await nextLogits(decoder, image, [...startTokenIds, ...tokenIds]);
  const words = groupTokensOf(tokenizer, lexicon).after({ startTokenIds, tokenIds });
  const most = logits.reduce((greatest, logit) => Math.max(greatest, logit), -Infinity);
  const mass = (values: Iterable<number>): number => {
    let sum = 0;
    for (const logit of values) sum += Math.exp(logit - most);
    return sum;
  };
  const ids = new Set(words.map(({ tokenId }) => tokenId));
  return mass([...ids].map((id) => logits[id]!)) / mass(logits);
}

/** `[vocabularySize]`: unnormalised, which odds do not mind. */
async function nextLogits(
  decoder: CaptionDecoder,
  image: EncodedImage,
  tokenIds: readonly number[],
): Promise<Float32Array> {
  let step = await decoder.step(decoder.start(image), tokenIds.slice(0, 1));
  for (const tokenId of tokenIds.slice(1)) step = await decoder.step(step.state, [tokenId]);
  return step.logits;
}
