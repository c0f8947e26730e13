/** How far the download of one file of a model is. */
export interface LoadProgress {
  /** The file's name, relative to the model folder. */
  readonly file: string;
  /** Bytes at hand, those of an earlier attempt included. */
  readonly loadedBytes: number;
  /** Bytes in all; undefined if neither the model's manifest nor the server tells. */
  readonly totalBytes: number | undefined;
  /** All files of the model together; undefined as long as it is not known which those are and how large. */
  readonly model?: { readonly loadedBytes: number; readonly totalBytes: number } | undefined;
}
