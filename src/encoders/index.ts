export { GraphEncoder } from './graph-encoder.js';
