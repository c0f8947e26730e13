import type { ImageSpec } from '../image-spec.js';
import type { GenderDefaults } from './gender.js';

/** The choices of {@link PromptUse}. */
export const PROMPT_USES = ['beginning'] as const;

/**
 * What a model makes of a caller's `prompt`. `'beginning'`: captions begin with it, as the model was trained to continue texts
 * (BLIP, https://arxiv.org/abs/2201.12086; GIT, https://arxiv.org/abs/2205.14100).
 */
export type PromptUse = (typeof PROMPT_USES)[number];

/** A file of the model folder, as the manifest vouches for it. */
export interface ModelFile {
  /** Name relative to the model folder, with forward slashes. */
  readonly file: string;
  /** SHA-256, lower-case hexadecimal. */
  readonly sha256: string;
  /** Size in bytes. */
  readonly bytes: number;
}

/** A graph of the model folder. */
export interface GraphFile extends ModelFile {
  /**
   * The file in the same folder that holds the graph's weights, if they are not in the graph itself (ONNX's external
   * data). A runtime reads them from there without a second copy in memory, and a graph above 2 GB can have them nowhere else.
   */
  readonly weights?: ModelFile;
}

/** Ids of the tokens that mean something to decoding. */
export interface SpecialTokens {
  /**
   * Tokens that every caption starts with; the decoder reads them, the caption does not show them. Empty only for a model
   * with a prefix, whose captions begin with the picture alone.
   */
  readonly start: readonly number[];
  /** Tokens that end a caption. */
  readonly end: readonly number[];
  /** Tokens that are never generated, such as padding and the unknown word. */
  readonly banned: readonly number[];
  /** Runs of tokens that are never generated. Default none. */
  readonly bannedPhrases?: readonly (readonly number[])[];
  /** The token that every caption begins with after `start`; no part of its text. Default none. */
  readonly forcedFirst?: number;
  /** The end token of a caption that has not ended by `maxLength`. Default none: it is cut. */
  readonly forcedLast?: number;
}

/** The picture as vectors that stand in front of the text, in the place of tokens (ClipCap, https://arxiv.org/abs/2111.09734). */
export interface PrefixSpec {
  /** How many vectors. */
  readonly length: number;
  /** Numbers in each: the width of the decoder's word embeddings. */
  readonly width: number;
  /**
   * Whether the encoder's graph divides the image embedding by its Euclidean norm before it maps it to the prefix.
   * Published checkpoints differ in this; a weight file does not tell.
   */
  readonly isNormalized: boolean;
}

/** The choices of {@link BeamVariant}. */
export const BEAM_VARIANTS = ['transformers', 'clipcap', 'show-attend-tell'] as const;

/**
 * Whose beam search it is. They differ in what becomes of a beam whose caption ends.
 *
 * - `'transformers'`: Hugging Face transformers' `generate`. The ended caption is set aside and the next best running one takes
 *   its place.
 * - `'clipcap'`: the one in the code of ClipCap (Mokady 2021). The ended caption keeps its beam and competes with the running
 *   ones at each step, by the score divided by the length so far.
 * - `'show-attend-tell'`: the one in sgrvinod's tutorial on Show, Attend and Tell. The ended caption takes its beam with it.
 *   With `lengthPenalty` 0 it is the tutorial's search.
 */
export type BeamVariant = (typeof BEAM_VARIANTS)[number];

/** The choices of {@link EarlyStopping}. */
export const EARLY_STOPPING = [true, false, 'never'] as const;

/**
 * When a beam search ends, with the meanings of `early_stopping` in Hugging Face transformers' `generate`.
 * In all three cases the pool of ended captions must hold `numBeams` of them first.
 *
 * - `true`: as soon as the pool is full.
 * - `false`: when the best running caption, divided by its length so far, cannot beat the worst of the pool. A heuristic:
 *   with a positive `lengthPenalty` a longer caption might still have done so.
 * - `'never'`: when no running caption can beat the worst of the pool at any length up to `maxLength`.
 */
export type EarlyStopping = (typeof EARLY_STOPPING)[number];

/** How tokens are drawn, as the options of those names. */
export interface SamplingDefaults {
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly minP?: number;
  readonly typicalP?: number;
}

/** How the model decodes if a call does not say otherwise. */
export interface GenerationDefaults {
  /** Only for a model that draws its captions at random unless a call asks for beams or another strategy. Default none. */
  readonly sampling?: SamplingDefaults;
  /** Beams of the search; 1 is greedy. */
  readonly numBeams: number;
  /** Exponent of the length by which a score is divided. */
  readonly lengthPenalty: number;
  /** Fewest tokens of a caption, the end token not counted. */
  readonly minLength: number;
  /** Most tokens of a caption, the end token included. */
  readonly maxLength: number;
  /** Whether both lengths count the tokens of a prompt, for models that continue one. Default true. */
  readonly countsPrompt?: boolean;
  /** No run of so many tokens occurs twice; 0 allows all. */
  readonly noRepeatNgramSize: number;
  /** Whether no word comes right after itself, as the option of that name. Default false. */
  readonly noRepeatWords?: boolean;
  /** When the search ends, as the option of that name. Default false. */
  readonly earlyStopping?: EarlyStopping;
  /** Above 1 makes tokens that have occurred less likely, as the option of that name. Default 1. */
  readonly repetitionPenalty?: number;
  /**
   * Whose beam search it is, as the option of that name; `'transformers'` if a call asks for what only that can do (groups,
   * required words, sampled beams, `earlyStopping`). Default `'transformers'`.
   */
  readonly beamVariant?: BeamVariant;
}

/** What the confidence in a caption is computed from: statistics of the search that found it, and of the picture. */
export const CONFIDENCE_FEATURES = [
  'meanLogProb',
  'minLogProb',
  'meanEntropy',
  'maxEntropy',
  'length',
  'contrastDeficit',
  'regionVarianceDeficit',
  'colorEntropy',
  'colorCount',
  'hueSpread',
  'saturationSpread',
] as const;

/** Name of such a statistic. */
export type ConfidenceFeature = (typeof CONFIDENCE_FEATURES)[number];

/** A logistic regression of these statistics: `1 / (1 + exp(−intercept − Σ weight · statistic))`. */
export interface LogisticRegression {
  readonly intercept: number;
  /** By statistic; what is left out counts 0. */
  readonly weights: Readonly<Partial<Record<ConfidenceFeature, number>>>;
}

/**
 * How these statistics become the probability that a caption is right: a logistic regression, fitted on photographs the model
 * was not trained on, times that of `photograph` if there is one.
 */
export interface Calibration extends LogisticRegression {
  /** The probability that the image is a photograph, and no drawing, chart, screenshot, text, texture, noise or instrument's image. */
  readonly photograph?: LogisticRegression;
  /** What counted as right when it was fitted. */
  readonly definition: string;
  /** Share of the captions it was fitted on that counted as right, 0 … 1: what a confidence is to be compared with. */
  readonly baseRate?: number;
  /** Below this confidence, 0 … 1, a person should look at the caption. */
  readonly reviewThreshold?: number;
  /** Below this confidence, 0 … 1, the image is taken for one that shows nothing, such as a blank page. */
  readonly nothingThreshold?: number;
}

/** The boxes that a detector in the encoder's graph finds; the decoder's attention has them after the cells of the grid. */
export interface BoxSpec {
  /** The most of an image. */
  readonly count: number;
  /** Names of the kinds of things that it finds, by class. */
  readonly labels: readonly string[];
}

/** `captioneer.json`: all that the library needs to know of a model folder. */
export interface Manifest {
  /** Version of this format; this library reads 1. */
  readonly formatVersion: 1;
  readonly name: string;
  readonly version: string;
  /** The architecture: `inception-lstm`, `attention`, `clip-prefix`, `vit-gpt2`, `blip` or `git`. */
  readonly family: string;
  readonly graphs: {
    /** `pixel_values` → everything that decoding needs and that does not change from word to word. */
    readonly encoder: GraphFile;
    /** Token ids, state and the encoder's output → logits and the new state. */
    readonly decoder: GraphFile;
  };
  readonly tokenizer: ModelFile & { readonly type: string };
  readonly image: ImageSpec;
  readonly tokens: SpecialTokens;
  /** Number of tokens that the decoder scores. */
  readonly vocabularySize: number;
  /** The most tokens, start tokens included, that the decoder can take in; a prefix is not counted. */
  readonly maxPositions: number;
  readonly generation: GenerationDefaults;
  /** Where the decoder tells its attention: the grid of image regions, row by row from the top left. */
  readonly regions?: { readonly rows: number; readonly columns: number; readonly boxes?: BoxSpec };
  /** What the model makes of a caller's `prompt`. Default: it takes none. */
  readonly promptUse?: PromptUse;
  /** Where the picture stands in front of the text: as what. */
  readonly prefix?: PrefixSpec;
  /** How text is finished: the first letter in upper case, a full stop at the end. Default neither. */
  readonly text?: { readonly sentenceCase: boolean; readonly fullStop: boolean };
  /** Makes a confidence out of what a search knows of a caption. Without it captions have none. */
  readonly calibration?: Calibration;
  /** How its captions speak of gender. Default: as the model does. */
  readonly gender?: GenderDefaults;
  /** BCP 47 tags of the languages of its captions. */
  readonly languages: readonly string[];
  /** SPDX expression, or a phrase if none fits. */
  readonly license: string;
  readonly trainingData: readonly string[];
  /** How many weights both graphs have together, each counted once. */
  readonly parameters?: number;
  /** Measured quality, by data set and measure. */
  readonly quality?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** File name of the model card. */
  readonly modelCard?: string;
}

/** How much a caption tells, from a sentence to a paragraph. */
export const CAPTION_DETAILS = ['short', 'detailed', 'paragraph'] as const;

/** One of {@link CAPTION_DETAILS}. */
export type CaptionDetail = (typeof CAPTION_DETAILS)[number];

/** Something that a model can be asked for in words. */
export interface PromptedTask {
  /** What the encoder reads together with the image, without start and end. */
  readonly prompt: string;
  /** Most tokens of an answer, the end token included, unless a call says otherwise. */
  readonly maxLength: number;
}

/** What a model is asked for by a prompt: captions by how much they tell, and the text that can be read in the image. */
export interface PromptedTasks extends Readonly<Record<CaptionDetail, PromptedTask>> {
  /** Undefined if the model cannot read. */
  readonly text?: PromptedTask;
}

/** What is known of a model in whatever layout: all of a manifest that does not speak of its files. */
export interface ModelDescription extends Omit<Manifest, 'formatVersion' | 'version' | 'graphs' | 'tokenizer'> {
  /** Only for a model that is asked in words, such as Florence-2: its prompts. Others give captions of one kind. */
  readonly tasks?: PromptedTasks;
}
