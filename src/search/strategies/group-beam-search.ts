import { bestCandidates } from '../candidates/best-candidates.js';
import type { Candidate } from '../candidates/candidate.js';
import { Beam } from './beam.js';
import { type Hypothesis, type PartialHypothesis, toHypothesis } from '../types/hypothesis.js';
import type { SearchSettings } from '../types/search-settings.js';
import type { Continuation, NextTokenScores, SearchStrategy } from '../types/search-strategy.js';

/**
 * Diverse beam search (Vijayakumar 2018, https://arxiv.org/abs/1610.02424), as transformers' `generate` has it up to 4.56:
 * the beams are divided into groups that search one after another at each step, and a token that earlier groups have
 * just gone on with costs a group `diversityPenalty` for each of their beams that has.
 */
export function createGroupBeamSearch(settings: SearchSettings): SearchStrategy {
  return new GroupBeamSearch(settings);
}

/** One group: its beam, and which rows of the step are its own. */
interface Group {
  readonly beam: Beam;
  start: number;
  count: number;
}

class GroupBeamSearch implements SearchStrategy {
  readonly #settings: SearchSettings;
  readonly #groups: readonly Group[];

  constructor(settings: SearchSettings) {
    this.#settings = settings;
    const size = settings.numBeams / settings.numBeamGroups;
    this.#groups = Array.from({ length: settings.numBeamGroups }, () => ({
      beam: new Beam(size, settings),
      start: 0, // at first all groups continue the one row
      count: 1,
    }));
  }

  advance(scores: NextTokenScores): readonly Continuation[] {
    const running: Continuation[] = [];
    const taken: number[] = []; // the newest tokens of the groups before
    for (const group of this.#groups) {
      if (group.count === 0) continue;
      const { chosen, goesOn } = advanceGroup(group.beam, this.#rowsOf(scores, group, taken), this.#settings);
      taken.push(...chosen.map(({ hypothesis }) => hypothesis.tokenIds.at(-1) as number));
      const { start } = group;
      Object.assign(group, { start: running.length, count: goesOn ? chosen.length : 0 });
      if (goesOn) running.push(...chosen.map(({ parent, hypothesis }) => ({ parent: parent + start, hypothesis })));
    }
    return running;
  }

  hypotheses(): Hypothesis[] {
    return this.#groups
      .flatMap(({ beam }) => beam.pool.best(beam.size))
      .sort((a, b) => b.score - a.score)
      .slice(0, this.#settings.numCaptions);
  }

  /** A group's part of a step, the tokens that others have taken made dearer. */
  #rowsOf(scores: NextTokenScores, { start, count }: Group, taken: readonly number[]): NextTokenScores {
    const part = <T extends { readonly length: number; slice(start: number, end: number): T }>(all: T): T => {
      const width = all.length / scores.rows.length;
      return all.slice(start * width, (start + count) * width);
    };
    const logProbs = part(scores.logProbs); // [count, vocabularySize], a copy
    const vocabularySize = logProbs.length / count;
    for (const tokenId of taken) {
      for (let row = 0; row < count; row++) {
        const at = row * vocabularySize + tokenId;
        logProbs[at] = (logProbs[at] as number) - this.#settings.diversityPenalty;
      }
    }
    return {
      rows: scores.rows.slice(start, start + count),
      logProbs,
      drawLogits: logProbs,
      entropies: scores.entropies.slice(start, start + count),
      ...(scores.attention && { attention: part(scores.attention) }),
    };
  }
}

/**
 * One step of a group. It differs from {@link createBeamSearch} as transformers' two implementations differ: whether the
 * pool can improve is asked of the best candidate, ended or not; and captions cut at `maxLength` come last into the pool,
 * after those that ended, if it could still improve.
 */
function advanceGroup(
  beam: Beam,
  scores: NextTokenScores,
  settings: SearchSettings,
): { readonly chosen: readonly Continuation[]; readonly goesOn: boolean } {
  const candidates = bestCandidates(scores, beam.numCandidates);
  const length = (scores.rows[0] as PartialHypothesis).tokenIds.length + 1;
  const isCut = length === settings.maxLength;
  const isEnd = ({ tokenId }: Candidate): boolean => settings.endTokenIds.has(tokenId);
  const chosen = beam.sift(scores, candidates, isCut ? isEnd : undefined);
  const canImprove = candidates[0] !== undefined && beam.canImprove(candidates[0].logProb, length);
  if (isCut && canImprove) {
    for (const { hypothesis } of chosen) beam.pool.add(toHypothesis(hypothesis, settings, false));
  }
  return { chosen, goesOn: canImprove && !isCut };
}
