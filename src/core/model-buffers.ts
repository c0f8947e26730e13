import { InvalidArgumentError, ModelFileError } from './errors/index.js';
import type { ModelFiles } from './platform.js';

/** The files of a model in memory, by name relative to the model folder: `{ 'captioneer.json': …, 'encoder.onnx': … }`. */
export type ModelBuffers = Readonly<Record<string, Uint8Array | ArrayBuffer>>;

/**
 * A model whose files are already in memory, on any runtime.
 *
 * The bytes are not copied: leave them unchanged until the model is loaded.
 *
 * @param buffers every file that the manifest names, and the manifest
 * @throws InvalidArgumentError if a value is not bytes. Reading throws ModelFileError for a name that is not there.
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 *
 * const files = modelFilesFromBuffers({
 *   'captioneer.json': await readFile('model/captioneer.json'),
 *   'encoder.onnx': await readFile('model/encoder.onnx'),
 *   'decoder.onnx': await readFile('model/decoder.onnx'),
 *   'tokenizer.json': await readFile('model/tokenizer.json'),
 * });
 * ```
 */
export function modelFilesFromBuffers(buffers: ModelBuffers): ModelFiles {
  const files = new Map(Object.entries(buffers).map(([name, data]) => [name, asBytes(name, data)]));
  return {
    location: 'memory',
    has: (name) => Promise.resolve(files.has(name)),
    read(name, signal) {
      return new Promise((resolve) => {
        signal?.throwIfAborted();
        const bytes = files.get(name);
        if (bytes === undefined) throw missing(name, [...files.keys()]);
        resolve(bytes);
      });
    },
  };
}

function asBytes(name: string, data: unknown): Uint8Array {
  if (data instanceof Uint8Array) return data;
  // Bytes from another realm (a frame, a vm context) are not `instanceof` this one's classes.
  const tag = Object.prototype.toString.call(data);
  if (tag === '[object ArrayBuffer]') return new Uint8Array(data as ArrayBuffer);
  if (tag === '[object Uint8Array]') return data as Uint8Array;
  throw new InvalidArgumentError(
    name,
    `The model file "${name}" must be a Uint8Array or an ArrayBuffer, not ${tag.slice(8, -1)}.`,
  );
}

function missing(name: string, names: readonly string[]): ModelFileError {
  const present = names.length === 0 ? 'no files' : names.join(', ');
  return new ModelFileError(
    name,
    `The model in memory has no "${name}"; it has ${present}. Add the file under that name.`,
  );
}
