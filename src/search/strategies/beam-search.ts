import { bestCandidates } from '../candidates/best-candidates.js';
import type { Candidate } from '../candidates/candidate.js';
import { constrainedCandidates } from '../candidates/constrained-candidates.js';
import { drawCandidates } from '../candidates/drawn-candidates.js';
import { createRandom } from '../../numerics/random.js';
import { Beam } from './beam.js';
import type { Hypothesis } from '../types/hypothesis.js';
import type { SearchSettings } from '../types/search-settings.js';
import type { Continuation, NextTokenScores, SearchStrategy } from '../types/search-strategy.js';

/** Finds the candidates that a beam is filled from, in the order in which it takes them. */
type SelectCandidates = (scores: NextTokenScores, count: number) => Candidate[];

/** Makes a beam search as Hugging Face transformers' `generate` (4.50 and later) has it. */
export function createBeamSearch(settings: SearchSettings): SearchStrategy {
  return new BeamSearch(settings, bestCandidates);
}

/** A beam search whose candidates are drawn instead of being the best: transformers' beam sampling. */
export function createBeamSampling(settings: SearchSettings): SearchStrategy {
  const random = createRandom(settings.seed, 0);
  return new BeamSearch(settings, (scores, count) => drawCandidates(scores, count, random));
}

/** A beam search some of whose beams are always on the way to the required phrases. */
export function createConstrainedBeamSearch(settings: SearchSettings): SearchStrategy {
  return new BeamSearch(settings, (scores, count) => constrainedCandidates(scores, count, settings));
}

/**
 * Keeps `numBeams` captions running. At each step the candidates are selected, twice `numBeams` of them or more, and
 * sifted. At `maxLength` everything counts as ended; otherwise `earlyStopping` says whether the pool can still improve.
 */
class BeamSearch implements SearchStrategy {
  readonly #settings: SearchSettings;
  readonly #beam: Beam;
  readonly #select: SelectCandidates;

  constructor(settings: SearchSettings, select: SelectCandidates) {
    this.#settings = settings;
    this.#beam = new Beam(settings.numBeams, settings);
    this.#select = select;
  }

  advance(scores: NextTokenScores): readonly Continuation[] {
    const running = this.#beam.sift(scores, this.#select(scores, this.#beam.numCandidates));
    if (running.length === 0) return [];
    const best = Math.max(...running.map(({ hypothesis }) => hypothesis.logProb));
    const length = (running[0] as Continuation).hypothesis.tokenIds.length;
    return this.#beam.canImprove(best, length) ? running : [];
  }

  hypotheses(): Hypothesis[] {
    return this.#beam.pool.best(this.#settings.numCaptions);
  }
}
