/** Bytes that are read from anywhere, such as a file. */
export interface ByteSource {
  /** How many there are. */
  readonly size: number;
  /** Those from `offset` on, `length` of them, or fewer if there are fewer. */
  read(offset: number, length: number): Uint8Array;
}
