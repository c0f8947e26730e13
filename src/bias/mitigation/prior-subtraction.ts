import { type CaptionDecoder, type DecoderStep, type EncodedImage, type Tokenizer } from '../../core/index.js';
import type { Lexicon } from '../lexicon/lexicon.js';
import { checkTwoGroups } from './gates.js';
import { type GroupToken, groupTokensOf } from './group-tokens.js';
import { groupLogMasses } from './move-mass.js';
import { checks } from '../../validate/index.js';

/** What is subtracted. */
export interface PriorSubtractionOptions {
  readonly tokenizer: Tokenizer;
  /** A lexicon of two groups, in the model's language. */
  readonly lexicon: Lexicon;
  /** The same image without what tells people apart, encoded: blurred, or with people covered. */
  readonly prior: EncodedImage;
  /** How much of the prior is subtracted, at least 0; 0 changes nothing. Default 1. */
  readonly alpha?: number;
  /** How many tokens every caption starts with. Default 1. */
  readonly numStartTokens?: number;
}

/** The states of both images, row by row the same captions. */
interface PairedState<State> {
  readonly image: State;
  readonly prior: State;
  readonly rows: readonly (readonly number[])[];
}

/**
 * A decoder that names a group for what the image shows rather than for what usually goes with its surroundings: from the
 * logarithm of the two groups' odds as the next word, it subtracts `alpha` times what the same captions have on an image in
 * which people cannot be made out. The probability of both groups together, and of all other words, stays as it is.
 *
 * It runs the decoder twice a step, and `join` is not available: images are decoded one by one.
 *
 * @throws InvalidArgumentError for an `alpha` below 0, or a lexicon of other than two groups
 */
export function subtractPrior<State>(
  decoder: CaptionDecoder<State>,
  { tokenizer, lexicon, prior, alpha = 1, numStartTokens = 1 }: PriorSubtractionOptions,
): CaptionDecoder {
  checks.argument('alpha', checks.atLeast(0), alpha);
  checkTwoGroups(lexicon);
  const tokens = groupTokensOf(tokenizer, lexicon);
  const paired: CaptionDecoder<PairedState<State>> = {
    vocabularySize: decoder.vocabularySize,
    maxPositions: decoder.maxPositions,
    ...(decoder.hasPrefix !== undefined && { hasPrefix: decoder.hasPrefix }),
    start: (image) => ({ image: decoder.start(image), prior: decoder.start(prior), rows: [[]] }),
    reorder: ({ image, prior: other, rows }, parents) => ({
      image: decoder.reorder(image, parents),
      prior: decoder.reorder(other, parents),
      rows: parents.map((parent) => rows[parent] ?? []),
    }),
    async step({ image, prior: other, rows }, tokenIds): Promise<DecoderStep<PairedState<State>>> {
      const seen = await decoder.step(image, tokenIds);
      const unseen = await decoder.step(other, tokenIds);
      const next = rows.map((row, index) => (tokenIds.length === 0 ? row : [...row, tokenIds[index] as number]));
      next.forEach((row, index) => {
        const after = tokens.after({
          startTokenIds: row.slice(0, numStartTokens),
          tokenIds: row.slice(numStartTokens),
        });
        const rowOf = (all: Float32Array): Float32Array =>
          all.subarray(index * decoder.vocabularySize, (index + 1) * decoder.vocabularySize);
        shiftOdds(rowOf(seen.logits), rowOf(unseen.logits), after, alpha);
      });
      const { logits, attention } = seen;
      return { logits, ...(attention && { attention }), state: { image: seen.state, prior: unseen.state, rows: next } };
    },
  };
  return paired;
}

/** Logits need no normalising: odds of two groups do not depend on it. */
function shiftOdds(logits: Float32Array, prior: Float32Array, tokens: readonly GroupToken[], alpha: number): void {
  const [a = -Infinity, b = -Infinity] = groupLogMasses(logits, tokens, 2);
  const [priorA = -Infinity, priorB = -Infinity] = groupLogMasses(prior, tokens, 2);
  if (![a, b, priorA, priorB].every(Number.isFinite)) return;
  const odds = a - b - alpha * (priorA - priorB);
  const both = Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
  const shifts = [both - Math.log1p(Math.exp(-odds)) - a, both - Math.log1p(Math.exp(odds)) - b];
  for (const tokenId of new Set(tokens.map((token) => token.tokenId))) {
    const group = tokens.find((token) => token.tokenId === tokenId)?.group as 0 | 1;
    logits[tokenId] = logits[tokenId]! + shifts[group]!;
  }
}
