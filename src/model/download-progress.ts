import type { LoadProgress, ModelFile } from '../core/index.js';

/** Adds to what is told of single files what is known of all, once the model's manifest has been read. */
export class DownloadProgress {
  readonly #listener: ((progress: LoadProgress) => void) | undefined;
  readonly #loaded = new Map<string, number>();
  #expected: ReadonlyMap<string, number> | undefined;

  constructor(listener: ((progress: LoadProgress) => void) | undefined) {
    this.#listener = listener;
  }

  /** Hears of the bytes of one file; undefined if nobody listens. */
  get report(): ((progress: LoadProgress) => void) | undefined {
    if (!this.#listener) return undefined;
    return ({ file, loadedBytes, totalBytes }) => {
      this.#loaded.set(file, loadedBytes);
      this.#listener?.({ file, loadedBytes, totalBytes: totalBytes ?? this.#expected?.get(file), ...this.#model() });
    };
  }

  /** Takes note of the files that will come, or that are here already. */
  expect(files: readonly ModelFile[]): void {
    this.#expected = new Map(files.map(({ file, bytes }) => [file, bytes]));
  }

  /** Takes note of a file that is here. */
  finish({ file, bytes }: ModelFile): void {
    this.#loaded.set(file, bytes);
  }

  #model(): Pick<LoadProgress, 'model'> {
    if (!this.#expected) return {};
    let [loadedBytes, totalBytes] = [0, 0];
    for (const [file, bytes] of this.#expected) {
      loadedBytes += Math.min(this.#loaded.get(file) ?? 0, bytes);
      totalBytes += bytes;
    }
    return { model: { loadedBytes, totalBytes } };
  }
}
