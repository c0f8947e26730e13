export type { PixelArray, RawImageSource, RawPixels, SharpOutput } from '../shared/images/raw-pixels.js';
export type { ByteStream } from '../shared/read-stream.js';
export { Captioner, type WebLoadOptions as LoadOptions } from './captioner.js';
export type { DrawnSource, WebImageSource } from './images/image-source.js';
export type { WebDevice, WebDeviceOption } from './runtime/device.js';
export type { OnnxRuntimeModule, OnnxRuntimeOptions } from './runtime/onnxruntime.js';
export { webPlatform, type WebPlatformOptions } from './web-platform.js';
