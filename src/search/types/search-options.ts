import type { EarlyStopping, BeamVariant, Tokenizer } from '../../core/index.js';
import type { LogitsProcessor, StoppingCriterion } from './rules.js';

/**
 * How next tokens are chosen.
 *
 * - `'greedy'`: always the likeliest.
 * - `'beam'`: `numBeams` captions side by side, the likeliest of all their continuations; with `numBeamGroups`, groups of
 *   them that are kept different from each other.
 * - `'sample'`: drawn at random, by probability.
 * - `'beam-sample'`: a beam search whose candidates are drawn.
 */
export type SearchStrategyName = 'greedy' | 'beam' | 'sample' | 'beam-sample';

/**
 * What every strategy honours. Names and meanings follow Hugging Face transformers' `generate`, save that lengths never
 * count the start tokens.
 */
export interface CommonSearchOptions {
  /**
   * Captions in the result, 1 … 64. A search with beams gives `numBeams` at most, and fewer only if it found fewer; greedy
   * search gives 1; sampling gives as many as asked for, the same one perhaps more than once. With several end tokens the
   * same tokens may come more than once, ended differently. Default 1.
   */
  readonly numCaptions?: number;
  /**
   * Exponent of the length in `score = logProb / length ** lengthPenalty`, any finite number; the length counts the end
   * token. Above 0 favours long captions, below 0 short ones (Wu 2016, transformers' variant). With one beam, and in
   * sampling, it changes the score, not the choice. Default 1.
   */
  readonly lengthPenalty?: number;
  /**
   * Fewest tokens before an end token may come, 0 … `maxLength`. The end token itself is not counted, so with
   * `minLength` equal to `maxLength` no caption ends by itself. Default 0.
   */
  readonly minLength?: number;
  /**
   * Most tokens that are generated, the end token included; a caption that has not ended by then is cut. At least 1, and
   * start tokens + `maxLength` − 1 must fit the decoder's `maxPositions` (the last token is never read).
   * Default 50, or what fits.
   */
  readonly maxLength?: number;
  /**
   * Above 1 makes tokens that have occurred, start tokens included, less likely; below 1 more likely (Keskar 2019). Above 0.
   * As in transformers, greedy search and sampling apply it to logits and normalise afterwards, searches with beams to
   * log-probabilities, which then are the caption's scores. Default 1: no difference.
   */
  readonly repetitionPenalty?: number;
  /**
   * No run of so many tokens occurs twice in a row of start and generated tokens; 0 allows all (Paulus 2017). End tokens
   * are never held back by it. Default 0.
   */
  readonly noRepeatNgramSize?: number;
  /**
   * Whether no word comes right after itself, in lower or upper case, whether it is one token or several. A word of up to three
   * letters may begin a longer one (`an ancient`). Default false here; the manifest's for a captioner.
   */
  readonly noRepeatWords?: boolean;
  /** Tokens that are never generated. Default none. */
  readonly bannedTokenIds?: readonly number[];
  /** Runs of tokens that never occur, each of at least one token; the end of the start tokens may begin one. Default none. */
  readonly bannedPhrases?: readonly (readonly number[])[];
  /**
   * Added to the logits of tokens, by id; finite numbers. Searches with beams add it to log-probabilities and do not
   * normalise afterwards, as transformers does. Default none.
   */
  readonly logitBias?: Readonly<Record<number, number>>;
  /** Rules of your own for the scores of next tokens, run in their order after the built-in ones. Default none. */
  readonly logitsProcessors?: readonly LogitsProcessor[];
  /** Rules of your own that end captions; any one of them does. Default none. */
  readonly stoppingCriteria?: readonly StoppingCriterion[];
  /** Looked at before and after each step of the decoder; its reason is thrown untouched. Default none. */
  readonly signal?: AbortSignal;
}

/** The beams of a search. */
export interface BeamOptions {
  /** Captions that are kept at each step, 1 … 64. 1 is greedy search: always the likeliest token. Default `numCaptions`. */
  readonly numBeams?: number;
  /** When a beam search ends; it makes no difference with one beam, where the first end is the end. Default `false`. */
  readonly earlyStopping?: EarlyStopping;
}

/** What only a beam search that is not sampled can do. */
export interface BeamVariantOptions {
  /**
   * Groups that the beams are divided into, each a beam search of its own, kept different by `diversityPenalty`
   * (Vijayakumar 2018); `numBeams` is a multiple of it. Not together with `requiredPhrases`. Default 1.
   */
  readonly numBeamGroups?: number;
  /**
   * Taken from the log-probability of a token for each beam of an earlier group that has chosen it at this step; above 0.
   * Scores include it. Only with `numBeamGroups` above 1. Default 0.5.
   */
  readonly diversityPenalty?: number;
  /**
   * Whose beam search it is. Those of `'clipcap'` and `'show-attend-tell'` end when all beams have ended, so `earlyStopping` has
   * no effect with them and is refused, as are groups and required phrases. Default `'transformers'`.
   */
  readonly beamVariant?: BeamVariant;
  /**
   * Phrases that every caption contains, each as a list of the runs of tokens that say it, any one of which will do. All of
   * them must fit into `maxLength` with the end token. Needs at least 2 beams. Start tokens count. Default none.
   */
  readonly requiredPhrases?: readonly (readonly (readonly number[])[])[];
}

/** How tokens are drawn. The rules apply in the order in which they stand here. */
export interface SamplingOptions {
  /** Divides the logits; above 0. Below 1 the likely gets likelier. Default 1. */
  readonly temperature?: number;
  /** Only the likeliest so many tokens are drawn from; 0 allows all. Default 0. */
  readonly topK?: number;
  /** Only the likeliest tokens whose probabilities add up to this are drawn from; above 0, at most 1. Default 1: all. */
  readonly topP?: number;
  /** Only tokens at least this times as likely as the likeliest are drawn from; 0 … 1. Default 0: all. */
  readonly minP?: number;
  /**
   * Only tokens whose information is nearest to the expected one are drawn from, those whose probabilities add up to this;
   * above 0, at most 1. Default 1: all.
   */
  readonly typicalP?: number;
  /** Makes the result reproducible: an integer of 0 … 2^53 − 1. Default a new one each time. */
  readonly seed?: number;
}

/** Options that do not go together with a strategy: they must be left out. */
export type Without<T> = { readonly [K in keyof T]?: undefined };

/** What a search without beams may say of them. */
export interface OneBeam {
  /** 1, which is what the strategy does. */
  readonly numBeams?: 1;
}

/** The strategy and what goes with it; what does not go with it is not a property. */
export type StrategyOptions =
  | ({ readonly strategy: 'greedy' } & OneBeam &
      Without<Omit<BeamOptions, 'numBeams'> & BeamVariantOptions & SamplingOptions>)
  | ({
      /**
       * How next tokens are chosen. Default `'beam'`, which with one beam is greedy search; with options of sampling (`seed`,
       * `temperature`, `topK`, `topP`, `minP`, `typicalP`) `'sample'`, or `'beam-sample'` if `numBeams` is more than 1.
       */
      readonly strategy?: 'beam';
    } & BeamOptions &
      BeamVariantOptions &
      Without<SamplingOptions>)
  | ({ readonly strategy: 'sample' } & SamplingOptions &
      OneBeam &
      Without<Omit<BeamOptions, 'numBeams'> & BeamVariantOptions>)
  | ({ readonly strategy?: 'beam-sample' } & BeamOptions & SamplingOptions & Without<BeamVariantOptions>);

/** The tokens by which captions start and end. */
export interface TokenOptions {
  /**
   * Tokens that every caption starts with: read by the decoder one after another, no part of the result. At least one;
   * for a decoder with a prefix possibly none.
   * A start token may be an end token too (GPT-2 checkpoints use 50256 for both); it does not end the caption.
   */
  readonly startTokenIds: readonly number[];
  /** Tokens that end a caption. With none, captions only end at `maxLength`. */
  readonly endTokenIds: readonly number[];
  /**
   * So many of the start tokens, the last ones, count in the length that `lengthPenalty` is about, as transformers counts a
   * token that `forced_bos_token_id` forces. Default 0.
   */
  readonly numCountedStartTokens?: number;
  /**
   * The end token that comes last in a caption of `maxLength` tokens, whatever the decoder says, as transformers'
   * `forced_eos_token_id`. Default none: such a caption is cut.
   */
  readonly forcedEndTokenId?: number;
  /** How tokens make words, which `noRepeatWords` needs to know. Default none. */
  readonly tokenizer?: Tokenizer;
}

/** How captions are searched for. */
export type SearchOptions = TokenOptions & CommonSearchOptions & StrategyOptions;
