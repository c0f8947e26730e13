export { createTokenizer } from './create-tokenizer.js';
