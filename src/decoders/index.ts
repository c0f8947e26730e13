export { GraphDecoder } from './graph-decoder.js';
