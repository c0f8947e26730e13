import { type Candidate, candidateOf, conclude, extend, isOver } from '../candidates/candidate.js';
import { drawToken } from '../candidates/drawn-candidates.js';
import { type Random, createRandom } from '../../numerics/random.js';
import type { Hypothesis } from '../types/hypothesis.js';
import type { SearchSettings } from '../types/search-settings.js';
import type { Continuation, NextTokenScores, SearchStrategy } from '../types/search-strategy.js';

/** A caption that is being drawn: the row it continues, and its own random numbers. */
interface Sample {
  readonly row: number;
  readonly random: Random;
}

/**
 * Draws `numCaptions` captions independently of each other, token by token. Each has a random stream of its own, so the
 * first of five is the one that is drawn alone. Those that have ended leave the batch. Two may be the same.
 */
export function createSampling(settings: SearchSettings): SearchStrategy {
  const found: Hypothesis[] = [];
  let samples: Sample[] = Array.from({ length: settings.numCaptions }, (_, stream) => ({
    row: 0, // at first all continue the one row
    random: createRandom(settings.seed, stream),
  }));
  return {
    advance(scores: NextTokenScores): readonly Continuation[] {
      const running: Continuation[] = [];
      const next: Sample[] = [];
      for (const { row, random } of samples) {
        const candidate = draw(scores, row, random);
        if (isOver(scores, candidate, settings)) found.push(conclude(scores, candidate, settings));
        else {
          next.push({ row: running.length, random });
          running.push({ parent: row, hypothesis: extend(scores, candidate) });
        }
      }
      samples = next;
      return running;
    },
    hypotheses: () => found.toSorted((a, b) => b.score - a.score),
  };
}

function draw(scores: NextTokenScores, row: number, random: Random): Candidate {
  const vocabularySize = scores.drawLogits.length / scores.rows.length;
  const logits = scores.drawLogits.subarray(row * vocabularySize, (row + 1) * vocabularySize); // [vocabularySize]
  return candidateOf(scores, row, drawToken(logits, random));
}
