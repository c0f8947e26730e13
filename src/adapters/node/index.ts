export type { LoadOptions } from '../../core/load-options.js';
export { Captioner } from './captioner.js';
export type { PixelArray, RawImageSource, RawPixels, SharpOutput } from '../shared/images/raw-pixels.js';
export type { ByteStream } from '../shared/read-stream.js';
export type { FileHandleLike, NodeImageSource, SharpInstance } from './images/image-source.js';
export { nodePlatform } from './node-platform.js';
