import { ignore, untilAborted } from '../async/until-aborted.js';
import type { CaptionAllOptions, CaptionOptions, CaptionOutcome, CaptionResult } from '../captioner/index.js';
import type { ModelDescription } from '../core/index.js';

/** Bytes of an image file, or the URL of one. */
export type ServedImage = Uint8Array | URL;

/** What a server needs of a captioner: that of `captioneer/worker`, whose thread leaves the server's own free, or of `captioneer`. */
export interface ServedCaptioner {
  readonly manifest: ModelDescription;
  /** As `Captioner.caption`. */
  caption(image: ServedImage, options: CaptionOptions): Promise<CaptionResult>;
  /** As `Captioner.stream`. */
  stream(
    image: ServedImage,
    options: CaptionOptions,
  ): AsyncIterable<string> & { readonly result: Promise<CaptionResult> };
  /** As `Captioner.captionAll`. */
  captionAll(images: readonly ServedImage[], options: CaptionAllOptions): AsyncIterable<CaptionOutcome>;
}

/** A captioner, and whether it has something to do: two calls at once would each take twice as long. */
interface Lane {
  readonly captioner: ServedCaptioner;
  isBusy: boolean;
}

/** A call that waits for a captioner. */
interface Waiting {
  /** Calls with the same key may be captioned together; undefined: alone. */
  readonly key: string | undefined;
  readonly run: (captioner: ServedCaptioner) => Promise<void>;
  /** Of a call that may be captioned with others. */
  readonly job?: Job;
}

interface Job {
  readonly image: ServedImage;
  readonly options: CaptionOptions;
  readonly signal: AbortSignal;
  readonly resolve: (result: CaptionResult) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Spreads calls over captioners, in the order in which they come. While all of them are busy, calls with the same options gather, and
 * go to the next free one together; nothing waits for company.
 */
export class Dispatcher {
  readonly #lanes: readonly Lane[];
  readonly #maxBatch: number;
  readonly #waiting: Waiting[] = [];
  readonly #onBatch: (size: number) => void;

  /** @param onBatch hears how many images go to a captioner together */
  constructor(captioners: readonly ServedCaptioner[], maxBatch: number, onBatch: (size: number) => void = ignore) {
    this.#lanes = captioners.map((captioner) => ({ captioner, isBusy: false }));
    this.#maxBatch = maxBatch;
    this.#onBatch = onBatch;
  }

  /** Calls that wait for a captioner. */
  get numWaiting(): number {
    return this.#waiting.length;
  }

  /** @throws what the captioner throws; the abort reason, as soon as the signal aborts */
  caption(image: ServedImage, options: CaptionOptions, signal: AbortSignal): Promise<CaptionResult> {
    const result = new Promise<CaptionResult>((resolve, reject) => {
      const job = { image, options, signal, resolve, reject };
      this.#enqueue(
        { key: JSON.stringify(options), job, run: (captioner) => captionTogether(captioner, [job]) },
        signal,
      );
    });
    return untilAborted(result, signal);
  }

  /** Pieces of the text, then the result. @throws as {@link caption} */
  async *stream(
    image: ServedImage,
    options: CaptionOptions,
    signal: AbortSignal,
  ): AsyncGenerator<string, CaptionResult, void> {
    let leave: () => void = ignore;
    const left = new Promise<void>((resolve) => (leave = resolve));
    try {
      const turn = new Promise<ServedCaptioner>((resolve) => {
        this.#enqueue({ key: undefined, run: (captioner) => (resolve(captioner), left) }, signal);
      });
      const captioner = await untilAborted(turn, signal);
      const stream = captioner.stream(image, { ...options, signal });
      yield* stream;
      return await stream.result;
    } finally {
      leave();
    }
  }

  #enqueue(call: Waiting, signal: AbortSignal): void {
    signal.throwIfAborted();
    this.#waiting.push(call);
    signal.addEventListener('abort', () => {
      const at = this.#waiting.indexOf(call);
      if (at >= 0) this.#waiting.splice(at, 1);
    });
    this.#pump();
  }

  #pump(): void {
    for (;;) {
      const lane = this.#lanes.find(({ isBusy }) => !isBusy);
      const next = lane && this.#waiting.shift();
      if (lane === undefined || next === undefined) return;
      lane.isBusy = true;
      void this.#start(next, lane.captioner)
        .catch(ignore)
        .finally(() => {
          lane.isBusy = false;
          this.#pump();
        });
    }
  }

  async #start(call: Waiting, captioner: ServedCaptioner): Promise<void> {
    const jobs = call.job === undefined ? [] : [call.job];
    for (let at = 0; jobs.length > 0 && jobs.length < this.#maxBatch && at < this.#waiting.length;) {
      const other = this.#waiting[at]!;
      if (other.key === call.key && other.job) jobs.push(this.#waiting.splice(at, 1)[0]!.job!);
      else at += 1;
    }
    this.#onBatch(Math.max(1, jobs.length));
    return jobs.length > 1 ? captionTogether(captioner, jobs) : call.run(captioner);
  }
}

/** Captions images of one set of options; each call gets its own outcome. It ends early if nobody waits any more. */
async function captionTogether(captioner: ServedCaptioner, jobs: readonly Job[]): Promise<void> {
  const [{ options, image, signal, resolve }] = jobs as [Job];
  try {
    if (jobs.length === 1) {
      resolve(await captioner.caption(image, { ...options, signal }));
      return;
    }
    const batch = {
      batchSize: jobs.length,
      maxAhead: jobs.length,
      signal: whenAllAbort(jobs.map((job) => job.signal)),
    };
    const images = jobs.map((job) => job.image);
    for await (const outcome of captioner.captionAll(images, { ...options, ...batch })) {
      const job = jobs[outcome.index]!;
      if (outcome.status === 'fulfilled') job.resolve(outcome.value);
      else job.reject(outcome.reason);
    }
  } catch (reason) {
    for (const job of jobs) job.reject(reason);
  }
}

function whenAllAbort(signals: readonly AbortSignal[]): AbortSignal {
  const controller = new AbortController();
  const check = (): void => {
    if (signals.every(({ aborted }) => aborted)) controller.abort(signals[0]!.reason);
  };
  for (const signal of signals) signal.addEventListener('abort', check, { once: true });
  check();
  return controller.signal;
}
