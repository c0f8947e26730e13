/** How far the download of one file of a model is. */
export interface LoadProgress {
  /** The file's name, relative to the model folder. */
  readonly file: string;
  /** Bytes at hand, those of an earlier attempt included. */
  readonly loadedBytes: number;
  /** Bytes in all; undefined where a server does not tell. */
  readonly totalBytes: number | undefined;
}
