import { readFileSync } from 'node:fs';
import type { SearchOptions } from '../../src/search/index.js';
import { type Found, recording } from './vision-encoder-decoder.js';

/** A beam search that came with another captioner, on one of the models of vision-encoder-decoder.ts. */
export interface RecordedSearch {
  readonly seed: number;
  readonly search: 'clipcap' | 'tutorial';
  readonly numBeams: number;
  readonly maxLength: number;
  /** Best first; the tutorial gives one at most. */
  readonly found: readonly Found[];
}

/** What `fixtures/record_other_beams.py` recorded. */
export const otherBeams = JSON.parse(
  readFileSync(new URL('fixtures/other-beams.json', import.meta.url), 'utf8'),
) as readonly RecordedSearch[];

/** The options with which a search of ours is the other one. */
export function optionsFor({ search: name, numBeams, maxLength }: RecordedSearch): SearchOptions {
  const common = { startTokenIds: [recording.start], endTokenIds: [recording.end], maxLength, numBeams };
  return name === 'clipcap'
    ? { ...common, numCaptions: numBeams, beamVariant: 'clipcap' }
    : { ...common, lengthPenalty: 0, beamVariant: 'show-attend-tell' };
}
