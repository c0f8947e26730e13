import type { CaptionOptions, CaptionResult } from '../../src/index.js';
import type { ServedCaptioner } from '../../src/server/index.js';

/** A captioner whose calls end when the test says so; the text of an image is its first byte. */
export class FakeCaptioner {
  readonly manifest = { name: 'fake', family: 'attention', languages: ['en'], license: 'MIT' } as never;
  /** Sizes of the batches that have been begun. */
  readonly batches: number[] = [];
  readonly options: CaptionOptions[] = [];
  #open: () => void = () => undefined;
  #gate: Promise<void> = Promise.resolve();
  #isHeld = false;

  /** Calls from now on wait. */
  hold(): void {
    this.#isHeld = true;
    this.#gate = new Promise((resolve) => (this.#open = resolve));
  }

  release(): void {
    this.#isHeld = false;
    this.#open();
  }

  async caption(image: unknown, options: CaptionOptions): Promise<CaptionResult> {
    this.batches.push(1);
    this.options.push(options);
    return this.#result(image, options.signal);
  }

  async *captionAll(images: readonly unknown[], { signal }: CaptionOptions) {
    this.batches.push(images.length);
    for (const [index, source] of images.entries()) {
      yield { status: 'fulfilled' as const, index, source, value: await this.#result(source, signal) };
    }
  }

  stream(image: unknown, { signal }: CaptionOptions) {
    const result = this.#result(image, signal);
    result.catch(() => undefined);
    async function* pieces() {
      yield 'a ';
      yield (await result).text;
    }
    return Object.assign(pieces(), { result });
  }

  async #result(image: unknown, signal?: AbortSignal): Promise<CaptionResult> {
    if (this.#isHeld) {
      await Promise.race([
        this.#gate,
        new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
      ]);
    }
    const text = image instanceof URL ? image.href : String((image as Uint8Array)[0]);
    const timing = { decodeMs: 1, preprocessMs: 1, encodeMs: 1, searchMs: 1, totalMs: 4 };
    const caption = { text, score: -1, logProb: -1, finishReason: 'stop', statistics: {}, tokens: [], words: [] };
    return { ...caption, captions: [caption], timing } as never;
  }
}

export const asServed = (fake: FakeCaptioner): ServedCaptioner => fake;

/** A request with an image of these bytes as its body. */
export function imageRequest(
  bytes: readonly number[],
  query = '',
  init: { headers?: Record<string, string>; signal?: AbortSignal } = {},
): Request {
  return new Request(`http://localhost/caption${query}`, {
    method: 'POST',
    body: new Uint8Array(bytes),
    headers: { 'content-type': 'image/jpeg', ...init.headers },
    ...(init.signal && { signal: init.signal }),
  });
}
