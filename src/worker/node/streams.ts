import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';

/** A stream of bytes in any form that Node has: `Readable`, `ReadableStream`, `FileHandle`, another async iterable. */
type AnyStream = AsyncIterable<Uint8Array> | ReadableStream | FileHandle;

interface FileHandle {
  readonly fd: number;
  createReadStream(options: { readonly autoClose: boolean }): Readable;
}

/** Whether a value is a stream and not the bytes of an image. */
export function isStream(value: unknown): value is AnyStream {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false;
  if (value instanceof Blob) return false;
  return value instanceof ReadableStream || Symbol.asyncIterator in value || 'createReadStream' in value;
}

/** The form that can move to another thread. */
export function toWebStream(stream: AnyStream): object {
  if (stream instanceof ReadableStream) return stream;
  if ('createReadStream' in stream) return Readable.toWeb(stream.createReadStream({ autoClose: false }));
  return stream instanceof Readable ? Readable.toWeb(stream) : Readable.toWeb(Readable.from(stream));
}
