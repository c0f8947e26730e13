import { bestCandidates } from '../candidates/best-candidates.js';
import { conclude, extend, isOver } from '../candidates/candidate.js';
import type { Hypothesis } from '../hypothesis.js';
import type { SearchSettings } from '../search-settings.js';
import type { Continuation, NextTokenScores, SearchStrategy } from './strategy.js';

/**
 * The beam search of sgrvinod's tutorial on Show, Attend and Tell (`caption_image_beam_search`): a caption that ends takes
 * its beam with it, so that the beam shrinks until none is left. Captions cut at `maxLength` are dropped, unless none has
 * ended: then they are the result, marked as unfinished, where the tutorial fails.
 */
export function createShrinkingBeamSearch(settings: SearchSettings): SearchStrategy {
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
