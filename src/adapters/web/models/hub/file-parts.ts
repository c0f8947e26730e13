import { tooLong, type Download, type HubFile } from '../../../../hub/index.js';
import { keep } from './keep.js';

/** A download that breaks loses less than this. */
const PART_BYTES = 2 ** 23;
/** Between the address of a file and the offset of a part of it. */
const PART = '?captioneer-part=';

/** Whether this is the address of a part, not of a file. */
export function isPart(address: string): boolean {
  return address.includes(PART);
}

/** What has arrived of one file so far, in the cache beside where the file will be. */
export class FileParts {
  readonly #cache: Cache;
  readonly #address: string;
  /** The content so far, without gaps. */
  #parts: Blob[] = [];
  #bytes = 0;

  private constructor(cache: Cache, address: string) {
    this.#cache = cache;
    this.#address = address;
  }

  /** Takes up what an earlier attempt has left. */
  static async open(cache: Cache, address: string): Promise<FileParts> {
    const parts = new FileParts(cache, address);
    for (;;) {
      const next = await cache.match(parts.#next);
      if (!next) return parts;
      parts.#append(await next.blob());
    }
  }

  /**
   * Downloads what is missing; whatever ends it, what came is kept.
   *
   * @returns the whole file
   * @throws ModelFileError if it is too long; what `download` throws
   */
  async complete(file: HubFile, download: Download): Promise<Blob> {
    let pieces: Uint8Array<ArrayBuffer>[] = [];
    let pending = 0;
    const flush = async (): Promise<void> => {
      if (pending === 0) return;
      const part = new Blob(pieces);
      [pieces, pending] = [[], 0];
      await keep(this.#cache, this.#next, part, file.path);
      this.#append(part);
    };
    if (this.#bytes > file.bytes) await this.drop();
    try {
      for await (const piece of download(this.#bytes)) {
        pieces.push(piece as Uint8Array<ArrayBuffer>);
        pending += piece.byteLength;
        if (this.#bytes + pending > file.bytes) break;
        if (pending >= PART_BYTES) await flush();
      }
    } finally {
      await flush();
    }
    if (this.#bytes <= file.bytes) return new Blob(this.#parts);
    await this.drop();
    throw tooLong(file);
  }

  /** Forgets all of it. */
  async drop(): Promise<void> {
    const kept = await this.#cache.keys();
    const mine = kept.filter(({ url }) => url.startsWith(this.#address + PART));
    await Promise.all(mine.map((request) => this.#cache.delete(request)));
    [this.#parts, this.#bytes] = [[], 0];
  }

  /** Where the part that begins at the end of this content belongs. */
  get #next(): string {
    return `${this.#address}${PART}${this.#bytes}`;
  }

  #append(part: Blob): void {
    this.#parts.push(part);
    this.#bytes += part.size;
  }
}
