import type { Writable } from 'node:stream';
import type { CaptionOptions, CaptionResult, CaptionStream, NodeImageSource, OpenModelOptions } from '../index.js';

/** All that the command reaches of the process it runs in, so that tests can stand in for it. */
export interface CommandIo {
  /** Only looked at where the arguments name standard input. */
  readonly stdin: AsyncIterable<Uint8Array> & { readonly isTTY?: boolean };
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
  /** The package's version. */
  readonly version: string;
  readonly loadCaptioner: LoadCaptioner;
}

/** Standard output or standard error; the two properties are there where it is a terminal. */
export type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number | undefined };

/**
 * Loads a model.
 *
 * @param model a folder, URL or hub id; undefined for the embedded one
 */
export type LoadCaptioner = (model: string | undefined, options: OpenModelOptions) => Promise<CommandCaptioner>;

/** What the command needs of a captioner. */
export interface CommandCaptioner {
  readonly manifest: { readonly generation: { readonly numBeams: number } };
  caption(image: NodeImageSource, options: CaptionOptions): Promise<CaptionResult>;
  stream(image: NodeImageSource, options: CaptionOptions): Pick<CaptionStream, typeof Symbol.asyncIterator>;
  dispose(): Promise<void>;
}
