import { createHash } from 'node:crypto';
import type { CaptionOptions, CaptionResult } from '../captioner/index.js';
import { CaptioneerError } from '../core/index.js';
import { loadBullMq } from './load-bullmq.js';
import type { ResultStore } from './results.js';

export { folderResults, type ResultStore } from './results.js';
export { streamResults, type StreamLocation } from './stream-results.js';

/** Where a queue is. */
export interface QueueLocation {
  /** Address of the Redis server, such as `redis://localhost:6379`. */
  readonly redisUrl: string;
  /** Default `captioneer`. */
  readonly queue?: string;
}

/** How images are enqueued. */
export interface EnqueueOptions extends QueueLocation {
  /** Times that an image is tried if it fails for a reason that may pass. Default 5. */
  readonly attempts?: number;
  /** Wait before the second try, in milliseconds; each further one is twice as long. Default 1000. */
  readonly backoffMs?: number;
}

/** How a worker works. */
export interface QueueWorkerOptions extends QueueLocation {
  /** {@link folderResults}, {@link streamResults}, or one of your own. */
  readonly results: ResultStore;
  /** How each image is captioned. */
  readonly caption?: CaptionOptions;
  /** Images under way at once. Default 2: one is decoded while another is captioned. */
  readonly concurrency?: number;
  /** A worker that has not been heard of for so long, in milliseconds, has died; its images go to others. Default 30 000. */
  readonly lockMs?: number;
  /** Times that an image's worker may die before the image goes to the dead letters. Default 5. */
  readonly maxStalledCount?: number;
  /** Is told of what is wrong with the connection. */
  readonly onError?: (error: Error) => void;
}

/** What a worker needs of a captioner. */
export interface QueueCaptioner {
  readonly manifest: { readonly name: string };
  /** As `Captioner.caption`. */
  caption(image: string, options: CaptionOptions): Promise<CaptionResult>;
}

/** A worker that takes images from a queue. */
export interface QueueWorker {
  /** Resolves when there are no images left, those of other workers and those that wait for another try included. */
  untilEmpty(): Promise<void>;
  /** Takes no more images, and ends when those under way are captioned. */
  close(): Promise<void>;
}

/** An image that was given up. */
export interface DeadLetter {
  readonly image: string;
  readonly reason: string;
  readonly attempts: number;
}

const DEFAULT_QUEUE = 'captioneer';
/** Jobs that are added in one round trip. */
const CHUNK = 500;
const POLL_MS = 200;

/** What an image is known by: enqueuing it again changes nothing. */
export function jobIdOf(image: string): string {
  return createHash('sha256').update(image).digest('hex').slice(0, 32);
}

/** A lost connection is made again; commands wait for it. */
const connectionOf = ({ redisUrl }: QueueLocation): object => ({ url: redisUrl, maxRetriesPerRequest: null });

/**
 * Adds images to a queue, by paths or URLs that its workers can read. One that is in the queue already is not added again.
 *
 * @returns how many were given
 * @throws RuntimeError if BullMQ is not installed
 */
export async function enqueueImages(
  images: Iterable<string> | AsyncIterable<string>,
  options: EnqueueOptions,
): Promise<number> {
  const { Queue } = await loadBullMq();
  const queue = new Queue(options.queue ?? DEFAULT_QUEUE, { connection: connectionOf(options) });
  const { attempts = 5, backoffMs = 1000 } = options;
  let count = 0;
  let chunk: string[] = [];
  const flush = async (): Promise<void> => {
    const opts = { attempts, backoff: { type: 'exponential', delay: backoffMs } };
    await queue.addBulk(
      chunk.map((image) => ({ name: 'caption', data: { image }, opts: { ...opts, jobId: jobIdOf(image) } })),
    );
    chunk = [];
  };
  try {
    for await (const image of images) {
      chunk.push(image);
      count += 1;
      if (chunk.length >= CHUNK) await flush();
    }
    if (chunk.length > 0) await flush();
  } finally {
    await queue.close();
  }
  return count;
}

/**
 * Captions images of a queue. Each is delivered at least once; what has a result is not captioned again, so each has one result in the end.
 * An image that cannot be read goes to the dead letters at once, other failures are tried again with growing waits.
 *
 * @throws RuntimeError if BullMQ is not installed
 */
export async function startQueueWorker(captioner: QueueCaptioner, options: QueueWorkerOptions): Promise<QueueWorker> {
  const { Queue, UnrecoverableError, Worker } = await loadBullMq();
  const { results, caption = {}, concurrency = 2, lockMs = 30_000, maxStalledCount = 5, onError } = options;
  const name = options.queue ?? DEFAULT_QUEUE;
  const connection = connectionOf(options);
  const queue = new Queue(name, { connection });
  const worker = new Worker(
    name,
    async (job) => {
      const { image } = job.data as { readonly image: string };
      const id = jobIdOf(image);
      if (await results.has(id)) return;
      try {
        const { text, confidence, assessment } = await captioner.caption(image, caption);
        await results.write(id, { image, text, confidence, assessment, model: captioner.manifest.name });
      } catch (error) {
        if (isLasting(error)) throw new UnrecoverableError(error.message);
        throw error;
      }
    },
    { connection, concurrency, lockDuration: lockMs, stalledInterval: lockMs, maxStalledCount },
  );
  const tell = (error: Error): void => onError?.(error);
  worker.on('error', tell);
  queue.on('error', tell);
  results.onError?.(tell);
  return {
    untilEmpty: async () => {
      for (;;) {
        const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'prioritized');
        if (Object.values(counts).every((count) => count === 0)) return;
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    },
    close: async () => {
      await worker.close();
      await queue.close();
      await results.close?.();
    },
  };
}

/** The images that were given up, the last ones first. @throws RuntimeError if BullMQ is not installed */
export async function deadLetters(location: QueueLocation, max = 1000): Promise<DeadLetter[]> {
  const { Queue } = await loadBullMq();
  const queue = new Queue(location.queue ?? DEFAULT_QUEUE, { connection: connectionOf(location) });
  try {
    const jobs = await queue.getFailed(0, max - 1);
    return jobs.map(({ data, failedReason, attemptsMade }) => ({
      image: (data as { readonly image: string }).image,
      reason: failedReason,
      attempts: attemptsMade,
    }));
  } finally {
    await queue.close();
  }
}

/** Whether trying again would give the same error. */
function isLasting(error: unknown): error is Error {
  return (
    CaptioneerError.isInstance(error) &&
    ['IMAGE_UNREADABLE', 'IMAGE_TOO_LARGE', 'INVALID_ARGUMENT'].includes(error.code)
  );
}
