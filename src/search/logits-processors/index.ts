export { bannedPhrases } from './banned-phrases.js';
export { bannedTokens } from './banned-tokens.js';
export { logitBias } from './logit-bias.js';
export type { LogitsProcessor, TokenHistory } from './logits-processor.js';
export { minLengthRule } from './min-length.js';
export { noRepeatNgram } from './no-repeat-ngram.js';
export { repetitionPenalty } from './repetition-penalty.js';
