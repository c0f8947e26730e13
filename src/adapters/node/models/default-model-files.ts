/**
 * The files of the model inside the package, by their names. Each address is written out, so that bundlers and tools that
 * collect a program's files find them; the build adapts the path to dist/ (tsup.config.ts).
 */
export function defaultModelFiles(): Readonly<Record<string, URL>> {
  return {
    'captioneer.json': new URL('../../../../models/default/captioneer.json', import.meta.url),
    'encoder.onnx': new URL('../../../../models/default/encoder.onnx', import.meta.url),
    'decoder.onnx': new URL('../../../../models/default/decoder.onnx', import.meta.url),
    'tokenizer.json': new URL('../../../../models/default/tokenizer.json', import.meta.url),
  };
}
