export * from './captioner/index.js';
export {
  Captioner,
  webPlatform,
  type ByteStream,
  type DrawnSource,
  type OnnxRuntimeModule,
  type RawPixels,
  type WebImageSource,
  type WebLoadOptions,
  type WebPlatformOptions,
} from './adapters/web/index.js';
