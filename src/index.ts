export * from './neutral.js';
export { Captioner } from './adapters/node/captioner.js';
export {
  nodePlatform,
  type ByteStream,
  type NodeImageSource,
  type NodePlatformOptions,
  type RawPixels,
} from './adapters/node/index.js';
