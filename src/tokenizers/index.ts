export { createTokenizer, type TokenizerDescription } from './create-tokenizer.js';
