import {
  ModelFileError,
  type GraphFile,
  type GraphSource,
  type ModelFile,
  type ModelFiles,
  type Platform,
  type SessionOptions,
} from '../core/index.js';
import { decodeJson } from '../validate/index.js';
import type { DownloadProgress } from './download-progress.js';
import { fitTogether, gatherFiles } from './gather-files.js';
import { baseName } from './open-sessions.js';
import { MAX_TOKENIZER_BYTES } from './read-json.js';

/** A graph as a session is told of it. */
export interface CheckedGraph {
  readonly source: GraphSource;
  readonly settings: Pick<SessionOptions, 'externalData' | 'weightFiles'>;
}

/** The files of a model folder. Each is checked against size and hash in the manifest when it is read. */
export class CheckedFiles {
  /** Whether a graph can be read while another is loaded: both fit into memory, or neither has to be there. */
  readonly canReadAhead: boolean;
  readonly #files: ModelFiles;
  readonly #read: (name: string) => Promise<Uint8Array>;
  readonly #platform: Platform;
  readonly #progress: DownloadProgress;
  readonly #signal: AbortSignal | undefined;

  private constructor(
    files: ModelFiles,
    wanted: readonly ModelFile[],
    read: (name: string) => Promise<Uint8Array>,
    platform: Platform,
    progress: DownloadProgress,
    signal: AbortSignal | undefined,
  ) {
    this.canReadAhead = files.locate !== undefined || fitTogether(wanted);
    this.#files = files;
    this.#read = read;
    this.#platform = platform;
    this.#progress = progress;
    this.#signal = signal;
  }

  /**
   * Begins to fetch them, if they come through the network.
   *
   * @throws ModelFileError, FetchError, the abort reason
   */
  static async open(
    files: ModelFiles,
    wanted: readonly ModelFile[],
    platform: Platform,
    progress: DownloadProgress,
    signal: AbortSignal | undefined,
  ): Promise<CheckedFiles> {
    progress.expect(wanted);
    return new CheckedFiles(files, wanted, await gatherFiles(files, wanted, signal), platform, progress, signal);
  }

  /** The text of the tokenizer. */
  async text(file: ModelFile): Promise<string> {
    const bytes = await this.#read(file.file);
    await this.#check(bytes, file);
    return decodeJson(bytes, `${this.#files.location}/${file.file}`, MAX_TOKENIZER_BYTES);
  }

  /** A graph and its weights, by their paths if the platform has such, so that a large one is not in memory twice. */
  async graph({ weights, ...file }: GraphFile): Promise<CheckedGraph> {
    const source = await this.#source(file);
    if (!weights) return { source, settings: {} };
    const beside = await this.#source(weights);
    const name = baseName(weights.file);
    return {
      source,
      settings: typeof beside === 'string' ? { weightFiles: [name] } : { externalData: { [name]: beside } },
    };
  }

  async #source(file: ModelFile): Promise<GraphSource> {
    this.#signal?.throwIfAborted();
    const path = await this.#files.locate?.(file.file, this.#signal);
    const source = path ?? (await this.#read(file.file));
    await this.#check(source, file);
    return source;
  }

  async #check(source: GraphSource, expected: ModelFile): Promise<void> {
    const { file, bytes, sha256 } = expected;
    const found = this.#files.fingerprint?.(file) ?? (await this.#platform.fingerprint(source, this.#signal));
    const where = `${this.#files.location}/${file}`;
    const advice = 'Copy or download the model again.';
    if (found.bytes !== bytes) {
      const state = found.bytes < bytes ? 'cut short' : 'altered';
      throw new ModelFileError(file, `${where} is ${state}: expected ${bytes} bytes, found ${found.bytes}. ${advice}`);
    }
    if (found.sha256 !== sha256) {
      const message = `${where} is altered: expected SHA-256 ${sha256}, found ${found.sha256}. ${advice}`;
      throw new ModelFileError(file, message);
    }
    this.#progress.finish(expected);
  }
}
