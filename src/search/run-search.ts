import { type CaptionDecoder, type DecoderStep, type EncodedImage, ModelMismatchError } from '../core/index.js';
import { createScorer } from './scoring/score-next-tokens.js';
import { noTokenLeft } from './scoring/tokens-left.js';
import { EMPTY_HYPOTHESIS, type Hypothesis, type PartialHypothesis } from './types/hypothesis.js';
import type { SearchSettings } from './types/search-settings.js';
import type { Continuation, SearchStrategy } from './types/search-strategy.js';

/** Where a search stands after a step. */
export interface SearchProgress {
  /** The captions that go on. At least one. */
  readonly running: readonly PartialHypothesis[];
  /** The best caption that has ended, if one has. */
  readonly best: Hypothesis | undefined;
}

/**
 * Runs the decoder step after step, and lets a strategy choose, until the strategy has nothing to go on with. Between two
 * steps it says where it stands, and it runs no further than it is asked to.
 *
 * @param settings must suit the decoder: `resolveSearchOptions` sees to that
 * @param strategy a fresh one, made for these settings
 */
export async function* runSearch<State>(
  decoder: CaptionDecoder<State>,
  image: EncodedImage,
  settings: SearchSettings,
  strategy: SearchStrategy,
): AsyncGenerator<SearchProgress, Hypothesis[], void> {
  const scoreNextTokens = createScorer(settings);
  let rows: readonly PartialHypothesis[] = [EMPTY_HYPOTHESIS];
  let step = await readStartTokens(decoder, image, settings);
  for (;;) {
    const scores = scoreNextTokens(step, rows);
    const continuations = strategy.advance(scores);
    const found = strategy.hypotheses();
    if (continuations.length === 0) {
      if (found.length === 0) throw noTokenLeft(scores.exhaustedBy ?? 'options');
      return found;
    }
    const state = follow(decoder, step.state, rows.length, continuations);
    rows = continuations.map(({ hypothesis }) => hypothesis);
    yield { running: rows, best: found[0] };
    step = await read(decoder, state, rows.map(lastTokenId), settings.signal);
  }
}

/** The step that read the last start token; without start tokens, the one that read the decoder's prefix alone. */
async function readStartTokens<State>(
  decoder: CaptionDecoder<State>,
  image: EncodedImage,
  { startTokenIds, signal }: SearchSettings,
): Promise<DecoderStep<State>> {
  let step = await read(decoder, decoder.start(image), startTokenIds.slice(0, 1), signal);
  for (const tokenId of startTokenIds.slice(1)) step = await read(decoder, step.state, [tokenId], signal);
  return step;
}

/** One step of the decoder, its outputs checked. */
async function read<State>(
  decoder: CaptionDecoder<State>,
  state: State,
  tokenIds: readonly number[],
  signal: AbortSignal | undefined,
): Promise<DecoderStep<State>> {
  signal?.throwIfAborted();
  const step = await decoder.step(state, tokenIds);
  signal?.throwIfAborted();
  const rows = tokenIds.length || 1; // the one row that a search starts with may read none
  const { logits, attention, summary } = step; // [rows, vocabularySize], [rows, regions], [rows] twice
  if (logits.length !== rows * decoder.vocabularySize) {
    const expected = `${rows} row(s) of ${decoder.vocabularySize} values`;
    throw new ModelMismatchError('decoder logits', expected, `${logits.length} values`);
  }
  if (attention !== undefined && attention.length % rows !== 0) {
    throw new ModelMismatchError('decoder attention', `${rows} row(s) of one size`, `${attention.length} values`);
  }
  for (const [name, { length }] of Object.entries(summary ?? {})) {
    if (length !== rows) throw new ModelMismatchError(`decoder ${name}`, `${rows} values`, `${length} values`);
  }
  return step;
}

/** The state whose rows are those that the captions continue; the same one if each row has one continuation. */
function follow<State>(
  decoder: CaptionDecoder<State>,
  state: State,
  numRows: number,
  continuations: readonly Continuation[],
): State {
  const parents = continuations.map(({ parent }) => parent);
  const isIdentity = parents.length === numRows && parents.every((parent, row) => parent === row);
  return isIdentity ? state : decoder.reorder(state, parents);
}

function lastTokenId({ tokenIds }: PartialHypothesis): number {
  return tokenIds[tokenIds.length - 1] as number;
}

/** The tokens that every caption which may still be the best begins with: they will not change any more. */
export function settledTokens({ running, best }: SearchProgress): readonly number[] {
  const [first, ...others] = [...running, ...(best ? [best] : [])].map(({ tokenIds }) => tokenIds);
  const common = (first ?? []).findIndex((tokenId, at) => others.some((tokenIds) => tokenIds[at] !== tokenId));
  return (first ?? []).slice(0, common === -1 ? undefined : common);
}
