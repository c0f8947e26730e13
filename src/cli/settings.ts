import type { CaptionOptions } from '../index.js';

/** What the command line asks for. */
export interface Settings {
  /** Files, folders, patterns, URLs and `-`, in the order given; at least one. */
  readonly inputs: readonly string[];
  /** Whether folders within folders are searched. */
  readonly isRecursive: boolean;
  /** Folder, URL, package or hub id of the model; undefined for the embedded one. */
  readonly model: string | undefined;
  /** Revision of a model on the hub. */
  readonly revision: string | undefined;
  /** Kind of the weights; the library says which there are. */
  readonly dtype: string | undefined;
  /** Threads of the runtime; undefined leaves it the choice. */
  readonly numThreads: number | undefined;
  /** What the library is told for each picture. */
  readonly caption: CaptionOptions;
  /** Whether JSON Lines are printed. */
  readonly isJson: boolean;
  /** Whether captions are printed while they come into being. */
  readonly isStreamed: boolean;
  /** Whether there is no progress bar. */
  readonly isQuiet: boolean;
}

/** The command-line names of the library's options, for messages. */
const FLAGS = {
  source: '--model',
  revision: '--revision',
  dtype: '--dtype',
  numThreads: '--threads',
  numBeams: '--num-beams',
  numCaptions: '--num-captions',
  minLength: '--min-length',
  maxLength: '--max-length',
  lengthPenalty: '--length-penalty',
  strategy: '--sample',
  temperature: '--temperature',
  topP: '--top-p',
  seed: '--seed',
  prefix: '--prefix',
  bannedWords: '--ban',
  requiredWords: '--require',
  maxPixels: '--max-pixels',
  timeoutMs: '--timeout',
} as const;

/** The command-line name of one of the library's options, where it has one. */
export function flagOf(option: string): string | undefined {
  return Object.hasOwn(FLAGS, option) ? FLAGS[option as keyof typeof FLAGS] : undefined;
}

/** A message of the library's with its options called as on the command line. */
export function withFlags(message: string): string {
  return message.replace(/\b[a-z]+[A-Z][a-zA-Z]*\b/g, (word) => flagOf(word) ?? word);
}
