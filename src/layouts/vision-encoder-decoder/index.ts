export { checkCheckpoint } from './check-graphs.js';
export { readCheckpointConfig, type CheckpointConfig } from './config.js';
export { HiddenStateEncoder } from './hidden-state-encoder.js';
export { MergedDecoder } from './merged-decoder.js';
