export type { RawPixels } from '../shared/raw-pixels.js';
export type { ByteStream } from '../shared/read-stream.js';
export { Captioner, type WebLoadOptions } from './captioner.js';
export type { DrawnSource, WebImageSource } from './image-source.js';
export type { OnnxRuntimeModule } from './onnxruntime.js';
export { webPlatform, type WebPlatformOptions } from './web-platform.js';
