/** An image of a dataset, whose bytes are read when they are needed. */
export interface DatasetImage {
  /** By which it is known in the record. */
  readonly name: string;
  /** @throws ImageUnreadableError */
  read(): Promise<Uint8Array>;
}
