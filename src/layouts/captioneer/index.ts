export { familyOf } from './check-family.js';
export { checkGraphs } from './check-graphs.js';
export { GraphDecoder } from './graph-decoder.js';
export { GraphEncoder } from './graph-encoder.js';
