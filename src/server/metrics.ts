import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { CaptionResult } from '../captioner/index.js';

const PREFIX = 'captioneer_';
const SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const STAGES = ['decode', 'preprocess', 'encode', 'search'] as const;

/** Gauges that are read when somebody asks. */
export interface Gauges {
  readonly numRequests: () => number;
  readonly numWaiting: () => number;
}

/** What a server counts, in the form that Prometheus reads. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests: Counter<'route' | 'status'>;
  readonly #seconds: Histogram;
  readonly #stages: Histogram<'stage'>;
  readonly #batches: Histogram;

  constructor(gauges: Gauges, hasProcessMetrics: boolean) {
    const registers = [this.#registry];
    if (hasProcessMetrics) collectDefaultMetrics({ register: this.#registry });
    this.#requests = new Counter({
      name: `${PREFIX}http_requests_total`,
      help: 'Requests by route and status.',
      labelNames: ['route', 'status'],
      registers,
    });
    this.#seconds = new Histogram({
      name: `${PREFIX}caption_request_duration_seconds`,
      help: 'From the arrival of a caption request to its answer, if the answer is a caption.',
      buckets: SECONDS,
      registers,
    });
    this.#stages = new Histogram({
      name: `${PREFIX}stage_duration_seconds`,
      help: 'Time of a caption by stage: decode, preprocess, encode, search.',
      labelNames: ['stage'],
      buckets: SECONDS,
      registers,
    });
    this.#batches = new Histogram({
      name: `${PREFIX}batch_size`,
      help: 'Images that were captioned together.',
      buckets: [1, 2, 4, 8, 16, 32, 64],
      registers,
    });
    gauge('requests', 'Caption requests in the server: received, waiting or captioned.', gauges.numRequests, registers);
    gauge('waiting', 'Caption requests that wait for a captioner.', gauges.numWaiting, registers);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  countRequest(route: string, status: number): void {
    this.#requests.inc({ route, status: String(status) });
  }

  countCaption(totalMs: number, timing: CaptionResult['timing']): void {
    this.#seconds.observe(totalMs / 1000);
    for (const stage of STAGES) this.#stages.observe({ stage }, timing[`${stage}Ms`] / 1000);
  }

  countBatch(size: number): void {
    this.#batches.observe(size);
  }
}

function gauge(name: string, help: string, read: () => number, registers: Registry[]): void {
  new Gauge({
    name: PREFIX + name,
    help,
    registers,
    collect() {
      this.set(read());
    },
  });
}
