export { GraphDecoder } from './graph-decoder.js';
export { MergedDecoder } from './merged-decoder.js';
