import type { HubDigest, HubFile } from './hub-file.js';

/** A file as a store keeps it. */
export interface KeptFile {
  /** Size in bytes. */
  readonly bytes: number;
  /** What its content should hash to, as the store knows from when it was added; undefined if another library has added it. */
  readonly digest?: HubDigest | undefined;
}

/**
 * Where files of one hub repository are kept between runs: a folder in Node, the Cache API in a browser.
 *
 * Contract: a file is there whole and checked, or not at all, whatever happens while it is added, and however many
 * processes add it at once. What becomes of it afterwards (a disk that fails, another program) is found by `matches`.
 */
export interface HubStore {
  /** For messages. */
  readonly location: string;
  /** The commit that a branch or tag stood for when it was last asked for; undefined if it never was. */
  commitOf(revision: string): Promise<string | undefined>;
  /** Takes note of the commit that a branch or tag stands for. */
  remember(revision: string, commit: string): Promise<void>;
  /** Names of the files of a commit that are there. */
  list(commit: string): Promise<readonly string[]>;
  /** What is kept of a file; undefined if it is not there. */
  find(commit: string, path: string): Promise<KeptFile | undefined>;
  /** Whether the content of a file that is there has this hash. */
  matches(commit: string, path: string, digest: HubDigest, signal?: AbortSignal): Promise<boolean>;
  /**
   * Adds a file, in the place of one with other content.
   * @param download gives the content from an offset on; what is kept of an attempt that failed is not asked for again
   * @throws ModelFileError if the content has not the size and hash that the file must have, or cannot be written;
   *   what `download` throws; the abort reason
   */
  add(commit: string, file: HubFile, download: Download, signal?: AbortSignal): Promise<void>;
  /** Reads a file that is there. */
  read(commit: string, path: string, signal?: AbortSignal): Promise<Uint8Array>;
  /** The path of a file that is there, if the store is a folder. */
  locate?(commit: string, path: string): string;
}

/** The content of a file from byte `from` on, piece by piece. */
export type Download = (from: number) => AsyncIterable<Uint8Array>;
