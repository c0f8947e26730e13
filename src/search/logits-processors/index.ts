export { bannedTokens } from './banned-tokens.js';
export type { LogitsProcessor, TokenHistory } from './logits-processor.js';
export { minLengthRule } from './min-length.js';
export { noRepeatNgram } from './no-repeat-ngram.js';
