/**
 * `captioneer/core`: what authors of encoders, decoders, tokenizers and platforms implement, and the parts that make it easy.
 */

// The interfaces, tensors, errors and the manifest.
export * from '../core/index.js';

// Tensors by rows, and in half precision.
export { castFloats, float16ToFloat32, float32ToFloat16 } from '../numerics/float16.js';
export { concatRows, gatherRows } from '../numerics/gather-rows.js';
export { rowMover } from '../numerics/move-rows.js';

// A captioner on a platform and a model of your own.
export { Captioner as PlatformCaptioner } from '../captioner/captioner.js';
export type { CaptionStatistics } from '../captioner/caption-result.js';
export { openModel, parseManifest, type Model, type ModelSource } from '../model/index.js';

// Encoders, decoders and tokenizers by graph layout.
export { GraphDecoder, GraphEncoder } from '../layouts/captioneer/index.js';
export { MergedDecoder, type MergedSizes } from '../layouts/public/merged-decoder.js';
export type { LoadedGraph } from '../layouts/public/public-layout.js';
export { TokenEmbeddings } from '../layouts/public/token-embeddings.js';
export { HiddenStateEncoder } from '../layouts/vision-encoder-decoder/index.js';
export { createTokenizer, type TokenizerDescription } from '../tokenizers/index.js';

// What platforms have in common.
export { fetchBytes, type FetchBytesOptions } from '../adapters/shared/fetch-bytes.js';
export { resolveDecodeOptions, type ResolvedDecodeOptions } from '../adapters/shared/images/decode-options.js';
export type { Rgb } from '../adapters/shared/images/pixels.js';
export { urlFiles, type UrlFilesOptions } from '../adapters/shared/models/url-files.js';
export { readStream, type ByteStream, type ReadStreamOptions } from '../adapters/shared/read-stream.js';
export type { OnnxGraph, OnnxRuntime } from '../adapters/shared/runtime/onnx-runtime.js';
export { OnnxSession } from '../adapters/shared/runtime/onnx-session.js';
export { fromOnnxTensors, toOnnxTensors } from '../adapters/shared/runtime/onnx-tensors.js';
