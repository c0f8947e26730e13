import type { LogitsProcessor, StoppingCriterion } from './rules.js';
import type { SearchStrategyName } from './search-options.js';
import type { EarlyStopping, BeamVariant, Tokenizer } from '../../core/index.js';

/** A phrase that a caption must contain, as any one of these runs of tokens. */
export type RequiredPhrase = readonly (readonly number[])[];

/** `SearchOptions`, checked and complete. What the strategy does not use has its neutral value. */
export interface SearchSettings {
  readonly startTokenIds: readonly number[];
  readonly endTokenIds: ReadonlySet<number>;
  readonly strategy: SearchStrategyName;
  readonly numBeams: number;
  readonly numBeamGroups: number;
  readonly diversityPenalty: number;
  readonly beamVariant: BeamVariant;
  readonly earlyStopping: EarlyStopping;
  readonly numCaptions: number;
  readonly lengthPenalty: number;
  readonly numCountedStartTokens: number;
  readonly forcedEndTokenId: number | undefined;
  readonly minLength: number;
  readonly maxLength: number;
  readonly repetitionPenalty: number;
  readonly noRepeatNgramSize: number;
  /** Tells the words that must not come right after themselves; undefined if they may. */
  readonly noRepeatWords: Tokenizer | undefined;
  readonly bannedTokenIds: readonly number[];
  readonly bannedPhrases: readonly (readonly number[])[];
  readonly requiredPhrases: readonly RequiredPhrase[];
  readonly logitBias: ReadonlyMap<number, number>;
  readonly temperature: number;
  /** 0: all. */
  readonly topK: number;
  readonly topP: number;
  readonly minP: number;
  readonly typicalP: number;
  readonly seed: number;
  readonly logitsProcessors: readonly LogitsProcessor[];
  readonly stoppingCriteria: readonly StoppingCriterion[];
  readonly signal: AbortSignal | undefined;
}
