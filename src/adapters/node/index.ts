export type { NodeImageSource, RawPixels } from './image-source.js';
export { nodePlatform, type NodePlatformOptions } from './node-platform.js';
export type { ByteStream } from './read-stream.js';
