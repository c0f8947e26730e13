import { Worker } from 'node:worker_threads';
import { nodePlatform, type NodeImageSource } from '../../adapters/node/index.js';
import type { LoadOptions } from '../../core/index.js';
import type { ModelSource } from '../../model/index.js';
import type { WorkerPort } from '../connection.js';
import { WorkerCaptioner, type SentImage, type WorkerRuntime } from '../worker-captioner.js';
import { isStream, toWebStream } from './streams.js';

export type { WorkerPort } from '../connection.js';
export { WorkerCaptioner, type SentImage, type WorkerRuntime } from '../worker-captioner.js';

/**
 * The `Captioner` of `captioneer` in a worker thread: a server's main thread stays free while a graph runs.
 *
 * @example
 * ```ts
 * import { Captioner } from 'captioneer/worker';
 *
 * const captioner = await Captioner.load();
 * const { text } = await captioner.caption('photo.jpg');
 * await captioner.dispose();
 * ```
 */
export class Captioner extends WorkerCaptioner<NodeImageSource> {
  /**
   * Starts a worker thread and loads a model in it. Arguments and errors are those of `Captioner.load` of `captioneer`; `fetch` cannot be
   * sent to a worker.
   *
   * @throws InvalidArgumentError for an option that cannot be sent, and what `Captioner.load` throws
   */
  static async load(source?: ModelSource, options: LoadOptions = {}): Promise<Captioner> {
    const sent = source instanceof URL ? source.href : source;
    const captioner = new Captioner({ start: startThread, send }, sent, options);
    await captioner.open(options.signal);
    return captioner;
  }
}

function startThread(): WorkerPort {
  // The thread's file is beside this one in the package.
  return threadPort(new Worker(new URL('./thread.js', import.meta.url)));
}

/** A worker thread that runs `captioneer/worker/thread`, for a `WorkerCaptioner` of your own. */
export function threadPort(worker: Worker): WorkerPort {
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer as never),
    onMessage: (listener) => void worker.on('message', listener),
    onEnd: (listener) => {
      worker.on('error', listener);
      worker.on('messageerror', listener);
      worker.on('exit', listener);
    },
    keepAlive: (isKept) => (isKept ? worker.ref() : worker.unref()),
    terminate: () => void worker.terminate(),
  };
}

const send: WorkerRuntime<NodeImageSource>['send'] = async (image): Promise<SentImage> => {
  const value: unknown = image;
  if (value instanceof URL) return { image: value.href };
  if (value instanceof Response) return moved(value.body ?? new ReadableStream());
  if (typeof value === 'object' && value !== null && 'clone' in value && 'raw' in value) {
    // An instance of sharp, which is a stream too, cannot be sent; the result of its pipeline can. libvips computes it in threads of its own.
    const pixels = await nodePlatform().decodeImage(image);
    return { image: { ...pixels, channels: 3 }, transfer: [pixels.data.buffer] };
  }
  if (isStream(value)) return moved(toWebStream(value));
  return { image: value };
};

function moved(stream: object): SentImage {
  return { image: stream, transfer: [stream] };
}
