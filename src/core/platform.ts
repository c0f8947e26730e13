import type { ByteSource } from './byte-source.js';
import type { LoadProgress } from './load-progress.js';
import type { RawImage } from './raw-image.js';
import type { GraphSource, Session, SessionOptions } from './session.js';

/** The files of one model, wherever they lie. */
export interface ModelFiles {
  /** Where they lie, for messages: a folder, a URL, `memory`. */
  readonly location: string;
  /**
   * Reads one file whole.
   * @param name relative to the model folder, with forward slashes
   * @throws ModelFileError if it is missing or cannot be read; FetchError if a URL fails; the abort reason
   */
  read(name: string, signal?: AbortSignal): Promise<Uint8Array>;
  /**
   * Whether there is such a file.
   * @throws FetchError if a URL cannot be asked; the abort reason
   */
  has(name: string, signal?: AbortSignal): Promise<boolean>;
  /**
   * Only if the files are, or will be, on this machine: the path of one, for `createSession` of the same platform.
   * @throws as `read`
   */
  locate?(name: string, signal?: AbortSignal): Promise<string>;
  /**
   * Only if files come through the network and are kept: brings one here without reading it, so that several can come at once.
   * @throws as `read`
   */
  fetch?(name: string, signal?: AbortSignal): Promise<void>;
  /** What is known of a file's content because it has just been checked; undefined if that is nothing. */
  fingerprint?(name: string): Fingerprint | undefined;
}

/** What tells a file from every other. */
export interface Fingerprint {
  /** Size in bytes. */
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** How the files of a model are found and fetched. */
export interface FindModelFilesOptions {
  /** Asks URLs; default the global `fetch`. */
  readonly fetch?: typeof fetch;
  /** Only for a repository of a hub: branch, tag or commit. Default `main`. */
  readonly revision?: string;
  /** Hears of the bytes that arrive. */
  readonly progress?: (progress: LoadProgress) => void;
  /** Stops the finding; its reason is thrown. Reading has a signal of its own. */
  readonly signal?: AbortSignal;
}

/** How a picture is read. */
export interface DecodeImageOptions {
  /** The most pixels an image may have; one with more is refused before it is decoded. Default 67 108 864 (2^26). */
  readonly maxPixels?: number;
  /**
   * Lets a decoder shrink a large image to a half, a quarter or an eighth while it decodes, which is several times as fast, as long as
   * the shorter side keeps this many pixels; decoders that cannot do it ignore it. In Node that of JPEG can. The pixels that a model sees differ a little
   * then, and so may captions. Default: images are decoded in full.
   */
  readonly shrinkToSide?: number;
  /**
   * What shows through transparent pixels, red, green and blue, 0 … 255 each. Default white, or black if white leaves a single plain
   * colour (a white logo).
   */
  readonly background?: readonly [number, number, number];
  /** Longest wait for an image behind a URL, and longest silence of a named pipe, in milliseconds. Default 30 000. */
  readonly timeoutMs?: number;
  /** Asks URLs; default the global `fetch`. */
  readonly fetch?: typeof fetch;
  /** Stops the reading; its reason is thrown. */
  readonly signal?: AbortSignal;
}

/**
 * What a runtime (Node, a browser) provides: the one place where pictures are decoded, files read and graphs run.
 *
 * @typeParam Source the forms in which pictures are taken
 */
export interface Platform<Source = unknown> {
  /** For messages and reports, such as `node`. */
  readonly name: string;
  /**
   * Decodes a picture to 8-bit RGB, upright as its EXIF orientation says, alpha composited on the background.
   * @throws ImageUnreadableError, ImageTooLargeError, FetchError, InvalidArgumentError, or the abort reason
   */
  decodeImage(source: Source, options?: DecodeImageOptions): Promise<RawImage>;
  /**
   * Finds the files of a model.
   * @param source a folder, a URL, the id of a hub's repository (`owner/name`) or, if the platform has packages, the name
   *   of an installed model; undefined for the default model
   */
  findModelFiles(source: string | URL | undefined, options?: FindModelFilesOptions): Promise<ModelFiles>;
  /**
   * Loads a graph into the runtime.
   * @param graph an ONNX file, or its path if `locate` of this platform's `ModelFiles` gave one
   * @param name the file's name, for messages
   * @throws ModelFileError if the runtime cannot read it
   */
  createSession(graph: GraphSource, name: string, options?: SessionOptions): Promise<Session>;
  /**
   * Begins to load what `createSession` and `decodeImage` need, while a model's files are still on their way. What goes wrong is told
   * by these.
   */
  prepareRuntime?(): void;
  /**
   * Size and SHA-256 of bytes, or of the file at a path that `locate` of this platform's `ModelFiles` gave.
   * @throws ModelFileError if the file cannot be read; the abort reason
   */
  fingerprint(source: GraphSource, signal?: AbortSignal): Promise<Fingerprint>;
  /**
   * Only if `ModelFiles` of this platform have `locate`: uses the bytes of a file at a path that it gave, without reading it whole.
   * @throws ModelFileError if it cannot be read; what `use` throws
   */
  withFile?<T>(path: string, use: (file: ByteSource) => T): T;
}
