import { createBeamSampling, createBeamSearch, createConstrainedBeamSearch } from './beam-search.js';
import { createClipCapBeamSearch, createShowAttendTellBeamSearch } from './beam-variants.js';
import { createGreedySearch } from './greedy-search.js';
import { createGroupBeamSearch } from './group-beam-search.js';
import { createSampling } from './sampling.js';
import type { SearchSettings } from '../types/search-settings.js';
import type { CreateSearchStrategy, SearchStrategy } from '../types/search-strategy.js';

/** The strategy that the settings ask for, for one search. */
export function createStrategy(settings: SearchSettings): SearchStrategy {
  return choose(settings)(settings);
}

function choose(settings: SearchSettings): CreateSearchStrategy {
  switch (settings.strategy) {
    case 'greedy':
      return createGreedySearch;
    case 'sample':
      return createSampling;
    case 'beam-sample':
      return createBeamSampling;
    case 'beam':
      return chooseBeamSearch(settings);
  }
}

function chooseBeamSearch({
  numBeams,
  numBeamGroups,
  requiredPhrases,
  beamVariant,
}: SearchSettings): CreateSearchStrategy {
  if (beamVariant === 'clipcap') return createClipCapBeamSearch;
  if (beamVariant === 'show-attend-tell') return createShowAttendTellBeamSearch;
  if (requiredPhrases.length > 0) return createConstrainedBeamSearch;
  if (numBeamGroups > 1) return createGroupBeamSearch;
  return numBeams === 1 ? createGreedySearch : createBeamSearch;
}
