export { checkCheckpoint } from './check-graphs.js';
export { readCheckpointConfig } from './config.js';
export { HiddenStateEncoder } from './hidden-state-encoder.js';
export { MergedDecoder, type MergedSizes } from './merged-decoder.js';
