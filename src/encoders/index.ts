export { GraphEncoder } from './graph-encoder.js';
export { HiddenStateEncoder } from './hidden-state-encoder.js';
