export { Captioner } from './captioner.js';
export type { RawPixels } from '../shared/raw-pixels.js';
export type { ByteStream } from '../shared/read-stream.js';
export type { NodeImageSource } from './image-source.js';
export { nodePlatform, type NodePlatformOptions } from './node-platform.js';
