export * from './captioner/index.js';
export { Captioner, type LoadOptions, type NodeImageSource as ImageSource } from './adapters/node/index.js';
