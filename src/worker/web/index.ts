import type { LoadOptions, OnnxRuntimeOptions, WebImageSource } from '../../adapters/web/index.js';
import { pageUrl } from '../../adapters/web/page-url.js';
import { URL_OPTIONS } from '../../adapters/web/runtime/device.js';
import { isHubId } from '../../hub/index.js';
import type { ModelSource } from '../../model/index.js';
import type { WorkerPort } from '../connection.js';
import { WorkerCaptioner, type SentImage, type WorkerRuntime } from '../worker-captioner.js';

export type { WorkerPort } from '../connection.js';
export { WorkerCaptioner, type SentImage, type WorkerRuntime } from '../worker-captioner.js';

/** The options of `Captioner.load` of `captioneer`, and how the worker is started. */
export interface WorkerLoadOptions extends LoadOptions {
  /**
   * Starts the worker, for bundlers that do not follow `new Worker(new URL(…, import.meta.url))`: a module worker that runs
   * `captioneer/worker/thread`. Default: the file that the bundler has made of it.
   */
  readonly worker?: () => Worker;
}

/**
 * The `Captioner` of `captioneer` in a Web Worker: a page stays smooth while a graph runs.
 *
 * @example
 * ```ts
 * import { Captioner } from 'captioneer/worker';
 *
 * const captioner = await Captioner.load('/models/default/');
 * const { text } = await captioner.caption(document.querySelector('img')!);
 * await captioner.dispose();
 * ```
 */
export class Captioner extends WorkerCaptioner<WebImageSource> {
  /**
   * Starts a worker and loads a model in it. Arguments and errors are those of `Captioner.load` of `captioneer`; `fetch` and
   * `runtime.module` cannot be sent to a worker.
   *
   * @throws InvalidArgumentError for an option that cannot be sent, and what `Captioner.load` throws
   */
  static async load(source?: ModelSource, options: WorkerLoadOptions = {}): Promise<Captioner> {
    const { worker = startWorker, runtime, ...others } = options;
    const captioner = new Captioner({ start: () => toPort(worker()), send }, absolute(source), {
      ...others,
      ...(runtime && { runtime: withAbsoluteUrls(runtime) }),
    });
    await captioner.open(options.signal);
    return captioner;
  }
}

/** Addresses are relative to the page, not to the worker's script. */
function absolute(source: ModelSource | undefined): unknown {
  if (source instanceof URL) return source.href;
  return typeof source === 'string' && !isHubId(source) ? pageUrl(source, 'source').href : source;
}

function withAbsoluteUrls(runtime: OnnxRuntimeOptions): OnnxRuntimeOptions {
  const urls = Object.values(URL_OPTIONS).flatMap((name) => {
    const url = runtime[name];
    return url === undefined ? [] : [[name, pageUrl(url, `runtime.${name}`).href] as const];
  });
  return { ...runtime, ...Object.fromEntries(urls) };
}

function startWorker(): Worker {
  return new Worker(new URL('./thread.js', import.meta.url), { type: 'module', name: 'captioneer' });
}

function toPort(worker: Worker): WorkerPort {
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer as Transferable[]),
    onMessage: (listener) => worker.addEventListener('message', ({ data }) => listener(data as never)),
    onEnd: (listener) => {
      worker.addEventListener('error', (event) =>
        listener(new Error(event.message || 'The worker could not be loaded.')),
      );
      worker.addEventListener('messageerror', listener);
    },
    keepAlive: () => undefined,
    terminate: () => worker.terminate(),
  };
}

/** What a page shows belongs to the page's thread; its pixels can be sent. */
const send: WorkerRuntime<WebImageSource>['send'] = async (image): Promise<SentImage> => {
  const value: unknown = image;
  if (typeof value === 'string') return { image: /^(data|blob):/i.test(value) ? value : pageUrl(value, 'image').href };
  if (value instanceof URL) return { image: value.href };
  if (value instanceof Response) return { image: await value.blob() };
  if (value instanceof ReadableStream)
    return { image: await new Response(value as ReadableStream<Uint8Array<ArrayBuffer>>).blob() };
  if (isDrawn(value)) {
    if (value instanceof HTMLImageElement) await value.decode();
    const bitmap = await createImageBitmap(value);
    return { image: bitmap, transfer: [bitmap] };
  }
  return { image: value };
};

function isDrawn(value: unknown): value is HTMLImageElement | HTMLCanvasElement | HTMLVideoElement | OffscreenCanvas {
  return [HTMLImageElement, HTMLCanvasElement, HTMLVideoElement, OffscreenCanvas].some((type) => value instanceof type);
}
