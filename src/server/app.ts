import { Hono } from 'hono';
import { answerOf, errorBody, errorHeaders, eventOf } from './answer.js';
import { Admission } from './admission.js';
import { Dispatcher, type ServedCaptioner } from './dispatcher.js';
import { Metrics } from './metrics.js';
import { openApi } from './openapi.js';
import { PAGE, PAGE_HEADERS } from './page.js';
import { readRequest, type CaptionRequest } from './read-request.js';
import { RequestError, toRequestError } from './request-error.js';
import type { ResolvedServerOptions } from './server-options.js';

/** Why nobody waits for an answer any more. */
const GONE = new RequestError(499, 'CLIENT_CLOSED_REQUEST', 'The client closed the connection.');

/** The routes of the server, and what they share. */
export class App {
  readonly admission: Admission;
  readonly #hono = new Hono();
  readonly #captioners: readonly ServedCaptioner[];
  readonly #options: ResolvedServerOptions;
  readonly #dispatcher: Dispatcher;
  readonly #metrics: Metrics;
  readonly #modelName: string;

  constructor(captioners: readonly ServedCaptioner[], options: ResolvedServerOptions) {
    this.#captioners = captioners;
    this.#options = options;
    this.#modelName = options.modelName ?? captioners[0]!.manifest.name;
    this.admission = new Admission(options.maxRequests);
    this.#dispatcher = new Dispatcher(captioners, options.maxBatch, (size) => this.#metrics.countBatch(size));
    this.#metrics = new Metrics(
      { numRequests: () => this.admission.count, numWaiting: () => this.#dispatcher.numWaiting },
      options.hasProcessMetrics,
    );
    this.#addRoutes();
  }

  /** Answers a request. */
  async fetch(request: Request, env?: object): Promise<Response> {
    const response = await this.#hono.fetch(request, env);
    // A connection that is kept open would hold up the shutdown.
    if (this.admission.isClosed) response.headers.set('connection', 'close');
    return response;
  }

  /** The refusal of a request that {@link fetch} would not let in, which is counted; undefined if it may come in. */
  refuse(method: string, target: string): RequestError | undefined {
    if (method !== 'POST' || !/^\/caption(\?|$)/.test(target)) return undefined;
    const { refusal } = this.admission;
    if (refusal !== undefined) this.#metrics.countRequest('/caption', refusal.status);
    return refusal;
  }

  #addRoutes(): void {
    const app = this.#hono;
    const { allowUrls } = this.#options;
    app.use(async (context, next) => {
      await next();
      const known = ROUTES.includes(context.req.path) ? context.req.path : 'other';
      this.#metrics.countRequest(known, context.res.status);
    });
    app.get(
      '/',
      () => new Response(PAGE, { headers: { ...PAGE_HEADERS, 'content-type': 'text/html; charset=utf-8' } }),
    );
    app.get('/healthz', (context) => context.text('ok\n'));
    app.get('/readyz', (context) =>
      this.admission.isClosed ? context.text('shutting down\n', 503) : context.text('ready\n'),
    );
    app.get('/metrics', async (context) =>
      context.body(await this.#metrics.text(), 200, { 'content-type': this.#metrics.contentType }),
    );
    app.get('/openapi.json', (context) => context.json(openApi(allowUrls)));
    app.get('/models', (context) => context.json({ models: [this.#describe()] }));
    app.post('/caption', (context) => this.#caption(context.req.raw));
    app.all('/caption', () => refusal(new RequestError(405, 'METHOD_NOT_ALLOWED', 'Use POST.'), { allow: 'POST' }));
    app.notFound(() => refusal(new RequestError(404, 'NOT_FOUND', `There are ${ROUTES.join(', ')}.`)));
    app.onError((error) => this.#refuse(error));
  }

  #describe(): object {
    const { family, languages, license, parameters, quality, calibration } = this.#captioners[0]!.manifest;
    const baseRate = calibration?.baseRate;
    return {
      name: this.#modelName,
      workers: this.#captioners.length,
      family,
      languages,
      license,
      parameters,
      quality,
      baseRate,
    };
  }

  async #caption(request: Request): Promise<Response> {
    const started = performance.now();
    const leave = this.admission.enter(); // before the body is read
    const stop = new AbortController();
    const timer = setTimeout(() => {
      const { requestTimeoutMs } = this.#options;
      stop.abort(new RequestError(504, 'TIMEOUT', `The request took more than ${requestTimeoutMs} ms.`));
    }, this.#options.requestTimeoutMs);
    const end = (): void => {
      clearTimeout(timer);
      leave();
    };
    request.signal.addEventListener('abort', () => stop.abort(GONE), { once: true });
    if (request.signal.aborted) stop.abort(GONE);
    try {
      const asked = await readRequest(request, { ...this.#options, signal: stop.signal });
      if (asked.isStreamed) return await this.#stream(asked, stop, started, end);
      const result = await this.#dispatcher.caption(asked.image, asked.options, stop.signal);
      this.#metrics.countCaption(performance.now() - started, result.timing);
      end();
      return Response.json(answerOf(result, this.#modelName));
    } catch (error) {
      end();
      // An abort comes back from a worker as an error of another kind.
      return this.#refuse(stop.signal.aborted ? stop.signal.reason : error);
    }
  }

  /** Server-sent events. What is wrong before the first piece is an answer with a status. */
  async #stream(
    { image, options }: CaptionRequest,
    stop: AbortController,
    started: number,
    end: () => void,
  ): Promise<Response> {
    const pieces = this.#dispatcher.stream(image, options, stop.signal);
    let next = await pieces.next();
    const encoder = new TextEncoder();
    const body = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        const send = (event: string, data: object): void => controller.enqueue(encoder.encode(eventOf(event, data)));
        try {
          if (next.done !== true) {
            send('piece', { text: next.value });
            next = await pieces.next();
            return;
          }
          this.#metrics.countCaption(performance.now() - started, next.value.timing);
          send('result', answerOf(next.value, this.#modelName));
        } catch (error) {
          send('error', errorBody(this.#told(stop.signal.aborted ? stop.signal.reason : error)));
        }
        controller.close();
        end();
      },
      cancel: async () => {
        stop.abort(GONE);
        end();
        await pieces.return(undefined as never).catch(() => undefined);
      },
    });
    return new Response(body, {
      headers: {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      },
    });
  }

  #refuse(thrown: unknown): Response {
    return refusal(this.#told(thrown));
  }

  /** The error for the answer; what is not the request's fault is told to the one who runs the server. */
  #told(thrown: unknown): RequestError {
    const error = toRequestError(thrown);
    if (error.status === 500) this.#options.onError(thrown);
    return error;
  }
}

const ROUTES: readonly string[] = ['/', '/caption', '/models', '/healthz', '/readyz', '/metrics', '/openapi.json'];

function refusal(error: RequestError, headers: Record<string, string> = {}): Response {
  return Response.json(errorBody(error), { status: error.status, headers: { ...headers, ...errorHeaders(error) } });
}
