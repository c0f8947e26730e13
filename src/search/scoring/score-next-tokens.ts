import { type DecoderStep, RuntimeError } from '../../core/index.js';
import { type LogSoftmax, type RowSummary, logSoftmax } from '../numerics/log-softmax.js';
import { runProcessors } from './custom-rules.js';
import { forbiddingProcessors, reshapingProcessors, warpers } from './processors.js';
import { isSomeTokenLeft, noTokenLeft } from './tokens-left.js';
import type { PartialHypothesis } from '../types/hypothesis.js';
import type { LogitsProcessor, TokenHistory } from '../types/rules.js';
import type { SearchSettings } from '../types/search-settings.js';
import type { NextTokenScores } from '../types/search-strategy.js';

const NO_DISTRIBUTION =
  'The decoder gave logits that are NaN, +Infinity, or nothing but −Infinity. ' +
  'Its graph, or the precision it was exported in, is at fault.';

/** Turns the logits of a step into the scores that a strategy chooses from; the logits are overwritten. */
export type ScoreNextTokens = (step: DecoderStep<unknown>, rows: readonly PartialHypothesis[]) => NextTokenScores;

/**
 * Log-softmax, then the built-in processors, then those of the caller, then, on a copy, what only sampling does.
 *
 * The processors change log-probabilities, and nothing is normalised afterwards: what a rule forbids does not make the
 * other tokens likelier. Only what reshapes scores comes before the log-softmax if there are no beams. It is in this
 * order that transformers' beam search, and its greedy search and sampling, have them.
 *
 * A rule of the search's own may leave a row of a beam without a next token: that row goes no further.
 */
export function createScorer(settings: SearchSettings): ScoreNextTokens {
  const reshaping = reshapingProcessors(settings);
  const scoreRow = createRowScorer(settings, reshaping);
  const drawing = warpers(settings);
  const { startTokenIds } = settings;
  const mayOnlyFall =
    settings.logitsProcessors.length === 0 && reshaping.length === 0 && settings.forcedEndTokenId === undefined;

  return (step, rows) => {
    const logProbs = step.logits; // [rows, vocabularySize]
    const rowOf = (all: Float32Array, row: number): Float32Array => {
      const vocabularySize = all.length / rows.length;
      return all.subarray(row * vocabularySize, (row + 1) * vocabularySize); // [vocabularySize]
    };
    const scored = rows.map(({ tokenIds }, row) =>
      scoreRow(rowOf(logProbs, row), Object.freeze({ startTokenIds, tokenIds }), summaryOf(step, row)),
    );
    const exhausted = scored.find(({ exhaustedBy }) => exhaustedBy !== undefined);
    if (exhausted?.exhaustedBy && settings.strategy === 'sample') throw noTokenLeft(exhausted.exhaustedBy);
    const drawLogits = drawing.length > 0 ? logProbs.slice() : logProbs;
    for (const warper of drawing) {
      scored.forEach(({ history }, row) => warper.process(rowOf(drawLogits, row), history));
    }
    return {
      rows,
      logProbs,
      drawLogits,
      ...(mayOnlyFall && { bounds: scored.map(({ maxima }) => maxima) }),
      entropies: scored.map(({ entropy }) => entropy),
      ...(step.attention && { attention: step.attention }),
      ...(exhausted?.exhaustedBy && { exhaustedBy: exhausted.exhaustedBy }),
    };
  };
}

interface ScoredRow extends LogSoftmax {
  readonly history: TokenHistory;
  /** The option whose rule left no next token, if one did. */
  readonly exhaustedBy?: string;
}

/** What the decoder reports about one row's logits, if it does. */
function summaryOf({ summary }: DecoderStep<unknown>, row: number): RowSummary | undefined {
  return summary && { logSumExp: summary.logSumExps[row] as number, entropy: summary.entropies[row] as number };
}

type ScoreRow = (scores: Float32Array, history: TokenHistory, summary: RowSummary | undefined) => ScoredRow;

function createRowScorer(settings: SearchSettings, reshaping: readonly LogitsProcessor[]): ScoreRow {
  const forbidding = forbiddingProcessors(settings);
  const isReshapedFirst = settings.numBeams === 1 && reshaping.length > 0;

  return (scores, history, summary) => {
    const run = (processor: LogitsProcessor): void => processor.process(scores, history);
    if (isReshapedFirst) reshaping.forEach(run);
    const distribution = logSoftmax(scores, isReshapedFirst ? undefined : summary);
    if (distribution === undefined) throw new RuntimeError(NO_DISTRIBUTION);
    if (!isReshapedFirst) reshaping.forEach(run);
    for (const processor of forbidding) {
      processor.process(scores, history);
      if (!isSomeTokenLeft(scores)) return { history, exhaustedBy: processor.name, ...distribution };
    }
    runProcessors(settings.logitsProcessors, scores, history);
    return { history, ...distribution };
  };
}
