export { HiddenStateEncoder } from './hidden-state-encoder.js';
export { VISION_ENCODER_DECODER } from './layout.js';
