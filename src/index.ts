export * from './captioner/index.js';
export {
  Captioner,
  nodePlatform,
  type ByteStream,
  type NodeImageSource,
  type RawPixels,
} from './adapters/node/index.js';
