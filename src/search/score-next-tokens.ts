import { type DecoderStep, InvalidArgumentError, RuntimeError } from '../core/index.js';
import { builtInProcessors } from './built-in-processors.js';
import type { PartialHypothesis } from './hypothesis.js';
import { logSoftmax } from './log-softmax.js';
import type { LogitsProcessor } from './logits-processors/index.js';
import type { SearchSettings } from './options.js';
import type { NextTokenScores } from './strategy.js';

const NO_DISTRIBUTION =
  'The decoder gave logits that are NaN, +Infinity, or nothing but −Infinity. ' +
  'Its graph, or the precision it was exported in, is at fault.';

/** Turns the logits of a step into the scores that a strategy chooses from; the logits are overwritten. */
export type ScoreNextTokens = (step: DecoderStep<unknown>, rows: readonly PartialHypothesis[]) => NextTokenScores;

/**
 * Log-softmax first, then the built-in processors, then those of the caller. As in transformers' beam search, the
 * processors change log-probabilities, and nothing is normalised afterwards: what a rule forbids does not make the
 * other tokens likelier.
 */
export function createScorer(settings: SearchSettings): ScoreNextTokens {
  const builtIn = builtInProcessors(settings);
  const custom = settings.logitsProcessors;
  const { startTokenIds } = settings;

  return (step, rows) => {
    const logProbs = step.logits; // [rows, vocabularySize]
    const vocabularySize = logProbs.length / rows.length;
    rows.forEach(({ tokenIds }, row) => {
      const scores = logProbs.subarray(row * vocabularySize, (row + 1) * vocabularySize); // [vocabularySize]
      if (!logSoftmax(scores)) throw new RuntimeError(NO_DISTRIBUTION);
      const history = { startTokenIds, tokenIds };
      for (const processor of builtIn) {
        processor.process(scores, history);
        checkSomeTokenIsLeft(scores, processor.name, processor.name);
      }
      custom.forEach((processor, index) => {
        processor.process(scores, history);
        checkCustom(scores, processor, index);
      });
    });
    return { rows, logProbs, ...(step.attention && { attention: step.attention }) };
  };
}

function checkCustom(scores: Float32Array, { name }: LogitsProcessor, index: number): void {
  const who = `logitsProcessors[${index}] ("${name}")`;
  for (let tokenId = 0; tokenId < scores.length; tokenId++) {
    const score = scores[tokenId] as number;
    if (score < Infinity) continue; // not so for NaN
    throw new InvalidArgumentError(
      'logitsProcessors',
      `${who} set the score of token ${tokenId} to ${score}. Scores must be finite, or −Infinity to forbid a token.`,
    );
  }
  checkSomeTokenIsLeft(scores, 'logitsProcessors', who);
}

function checkSomeTokenIsLeft(scores: Float32Array, argument: string, who: string): void {
  if (scores.some((score) => score > -Infinity)) return;
  throw new InvalidArgumentError(
    argument,
    `${who}, together with the rules before it, forbids every next token. Forbid less.`,
  );
}
