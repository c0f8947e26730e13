import type { HubFile } from './hub-file.js';

/**
 * Where files of one hub repository are kept between runs: a folder in Node, the Cache API in a browser.
 *
 * Contract: a file is there whole and checked, or not at all, whatever happens while it is added, and however many
 * processes add it at once.
 */
export interface HubStore {
  /** For messages. */
  readonly location: string;
  /** The commit that a branch or tag stood for when it was last asked for; undefined where it never was. */
  commitOf(revision: string): Promise<string | undefined>;
  /** Takes note of the commit that a branch or tag stands for. */
  remember(revision: string, commit: string): Promise<void>;
  /** Names of the files of a commit that are there. */
  list(commit: string): Promise<readonly string[]>;
  /** Size in bytes of a file; undefined where it is not there. */
  sizeOf(commit: string, path: string): Promise<number | undefined>;
  /**
   * Adds a file.
   * @param download gives the content from an offset on; what is kept of an attempt that failed is not asked for again
   * @throws ModelFileError where the content has not the size and hash that the file must have, or cannot be written;
   *   what `download` throws; the abort reason
   */
  add(commit: string, file: HubFile, download: Download, signal?: AbortSignal): Promise<void>;
  /** Reads a file that is there. */
  read(commit: string, path: string, signal?: AbortSignal): Promise<Uint8Array>;
  /** The path of a file that is there, where the store is a folder. */
  locate?(commit: string, path: string): string;
}

/** The content of a file from byte `from` on, piece by piece. */
export type Download = (from: number) => AsyncIterable<Uint8Array>;
