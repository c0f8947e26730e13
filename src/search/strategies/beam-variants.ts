import { bestCandidates } from '../candidates/best-candidates.js';
import { type Candidate, conclude, extend, isOver } from '../candidates/candidate.js';
import type { Hypothesis, PartialHypothesis } from '../types/hypothesis.js';
import type { SearchSettings } from '../types/search-settings.js';
import type { Continuation, NextTokenScores, SearchStrategy } from '../types/search-strategy.js';

/** A caption that ended, or a candidate for one that continues, with the score that both compete by. */
type Contender = { readonly score: number } & ({ readonly ended: Hypothesis } | { readonly candidate: Candidate });

/**
 * The beam search that came with ClipCap (Mokady 2021, `generate_beam`): a caption that has ended keeps its beam, and at
 * each step it competes with the running ones, all by the score that is divided by their length so far. It is over when
 * every beam has ended.
 */
export function createClipCapBeamSearch(settings: SearchSettings): SearchStrategy {
  const { numBeams, numCaptions } = settings;
  let ended: Hypothesis[] = [];
  return {
    advance(scores: NextTokenScores): readonly Continuation[] {
      const kept = ended.map((hypothesis) => ({ score: hypothesis.score, ended: hypothesis }));
      const contenders = [...kept, ...contend(scores, settings)].sort((a, b) => b.score - a.score);
      ended = [];
      const running: Continuation[] = [];
      for (const contender of contenders.slice(0, numBeams)) {
        if ('ended' in contender) ended.push(contender.ended);
        else if (isOver(scores, contender.candidate, settings)) {
          ended.push(conclude(scores, contender.candidate, settings));
        } else running.push({ parent: contender.candidate.row, hypothesis: extend(scores, contender.candidate) });
      }
      return running;
    },
    hypotheses: () => ended.toSorted((a, b) => b.score - a.score).slice(0, numCaptions),
  };
}

/** The candidates that can come among the best, each with its score; all are of one length. */
function contend(scores: NextTokenScores, { numBeams, lengthPenalty }: SearchSettings): Contender[] {
  const divisor = ((scores.rows[0] as PartialHypothesis).tokenLogProbs.length + 1) ** lengthPenalty;
  return bestCandidates(scores, numBeams).map((candidate) => ({ score: candidate.logProb / divisor, candidate }));
}

/**
 * The beam search of sgrvinod's tutorial on Show, Attend and Tell (`caption_image_beam_search`): a caption that ends takes
 * its beam with it, so that the beam shrinks until none is left. Captions cut at `maxLength` are dropped, unless none has
 * ended: then they are the result, marked as unfinished, where the tutorial fails.
 */
export function createShowAttendTellBeamSearch(settings: SearchSettings): SearchStrategy {
  const found: Hypothesis[] = [];
  let size = settings.numBeams;
  return {
    advance(scores: NextTokenScores): readonly Continuation[] {
      const running: Continuation[] = [];
      for (const candidate of bestCandidates(scores, size)) {
        if (isOver(scores, candidate, settings)) found.push(conclude(scores, candidate, settings));
        else running.push({ parent: candidate.row, hypothesis: extend(scores, candidate) });
      }
      size = running.length;
      return running;
    },
    hypotheses() {
      const finished = found.filter(({ isFinished }) => isFinished);
      const result = finished.length > 0 ? finished : found;
      return result.toSorted((a, b) => b.score - a.score).slice(0, settings.numCaptions);
    },
  };
}
