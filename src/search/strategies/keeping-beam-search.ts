import { type Candidate, conclude, extend, isOver } from '../candidates/candidate.js';
import { TopList } from '../candidates/top-list.js';
import type { Hypothesis, PartialHypothesis } from '../hypothesis.js';
import type { SearchSettings } from '../search-settings.js';
import type { Continuation, NextTokenScores, SearchStrategy } from './strategy.js';

/** A caption that ended, or a candidate for one that goes on, with the score that both compete by. */
type Contender = { readonly score: number } & ({ readonly ended: Hypothesis } | { readonly candidate: Candidate });

/**
 * The beam search that came with ClipCap (Mokady 2021, `generate_beam`): a caption that has ended keeps its beam, and at
 * each step it competes with the running ones, all by the score that is divided by their length so far. It is over when
 * every beam has ended.
 */
export function createKeepingBeamSearch(settings: SearchSettings): SearchStrategy {
  const { numBeams, numCaptions, lengthPenalty } = settings;
  let ended: Hypothesis[] = [];
  return {
    advance(scores: NextTokenScores): readonly Continuation[] {
      const contenders = new TopList<Contender>(numBeams, (a, b) => b.score - a.score);
      for (const hypothesis of ended) contenders.offer({ score: hypothesis.score, ended: hypothesis });
      offerCandidates(scores, contenders, lengthPenalty);
      ended = [];
      const running: Continuation[] = [];
      for (const contender of contenders.sorted()) {
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

function offerCandidates(scores: NextTokenScores, contenders: TopList<Contender>, lengthPenalty: number): void {
  const { rows, logProbs } = scores; // [rows, vocabularySize]
  const vocabularySize = logProbs.length / rows.length;
  const divisor = ((rows[0] as PartialHypothesis).tokenLogProbs.length + 1) ** lengthPenalty;
  rows.forEach(({ logProb: before }, row) => {
    for (let tokenId = 0; tokenId < vocabularySize; tokenId++) {
      const logProb = before + (logProbs[row * vocabularySize + tokenId] as number);
      const score = logProb / divisor;
      if (score > (contenders.worst?.score ?? -Infinity))
        contenders.offer({ score, candidate: { row, tokenId, logProb } });
    }
  });
}
