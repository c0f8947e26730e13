export * from './neutral.js';
export { Captioner } from './captioner.js';
