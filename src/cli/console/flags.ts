/** The command-line names of the library's options, for messages. */
const FLAGS = {
  source: '--model',
  model: '--model',
  revision: '--revision',
  dtype: '--dtype',
  device: '--device',
  numThreads: '--threads',
  'hub.offline': '--offline',
  numBeams: '--num-beams',
  numCaptions: '--num-captions',
  minLength: '--min-length',
  maxLength: '--max-length',
  lengthPenalty: '--length-penalty',
  noRepeatNgramSize: '--unique-ngrams',
  noRepeatWords: '--repeat-words',
  gender: '--gender',
  detail: '--detail',
  minConfidence: '--min-confidence',
  strategy: '--sample',
  temperature: '--temperature',
  topK: '--top-k',
  topP: '--top-p',
  seed: '--seed',
  prefix: '--prefix',
  prompt: '--prompt',
  bannedWords: '--ban',
  requiredWords: '--require',
  background: '--background',
  maxPixels: '--max-pixels',
  timeoutMs: '--timeout',
} as const;

/** The command-line name of one of the library's options, if it has one. */
export function flagOf(option: string): string | undefined {
  return Object.hasOwn(FLAGS, option) ? FLAGS[option as keyof typeof FLAGS] : undefined;
}

/** A message of the library in which options have their command-line names. */
export function withFlags(message: string): string {
  return message.replace(/\b[a-z]+[A-Z][a-zA-Z]*\b/g, (word) => flagOf(word) ?? word);
}
