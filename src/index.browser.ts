export * from './captioner/index.js';
export { Captioner, type LoadOptions, type WebImageSource as ImageSource } from './adapters/web/index.js';
