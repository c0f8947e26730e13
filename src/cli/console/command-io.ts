import type { Writable } from 'node:stream';
import type { ClipModel } from '../../evaluation/index.js';
import type {
  Captioner,
  CaptionOptions,
  CaptionResult,
  CaptionStream,
  ImageSource,
  ReadTextOptions,
} from '../../index.js';

/** All that the command uses of its process, so that tests can replace it. */
export interface CommandIo {
  /** Only read if the arguments name standard input. */
  readonly stdin: AsyncIterable<Uint8Array> & { readonly isTTY?: boolean };
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
  /** The package's version. */
  readonly version: string;
  readonly loadCaptioner: LoadCaptioner;
  readonly loadClip: LoadClip;
  /** The script of a page of `captioneer eval` or `captioneer alt review`. */
  readonly pageScript: (page: 'report' | 'judge' | 'review') => Promise<string>;
}

/** Standard output or standard error; the two properties are there if it is a terminal. */
export type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number | undefined };

/** The library's options of `Captioner.load`. */
export type LoadCaptionerOptions = NonNullable<Parameters<typeof Captioner.load>[1]>;

/**
 * Loads a model.
 *
 * @param model a folder, URL, package or hub id; undefined for the default model
 */
type LoadCaptioner = (model: string | undefined, options: LoadCaptionerOptions) => Promise<CommandCaptioner>;

/**
 * Loads a CLIP.
 *
 * @param model a folder, URL or hub id
 */
export type LoadClip = (model: string, options: LoadCaptionerOptions) => Promise<CommandClip>;

/** What the command needs of a CLIP. */
export type CommandClip = Pick<ClipModel<string | Uint8Array>, 'name' | 'embedImage' | 'embedText' | 'dispose'>;

/** What the command needs of a captioner. */
export interface CommandCaptioner {
  readonly manifest: Pick<Captioner['manifest'], 'languages' | 'regions' | 'image'>;
  caption(image: ImageSource, options: CaptionOptions): Promise<CaptionResult>;
  readText(image: ImageSource, options: ReadTextOptions): Promise<CaptionResult>;
  stream(image: ImageSource, options: CaptionOptions): Pick<CaptionStream, typeof Symbol.asyncIterator | 'result'>;
  dispose(): Promise<void>;
}
