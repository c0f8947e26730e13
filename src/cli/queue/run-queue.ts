import { datasetImages } from '../../dataset/index.js';
import type { CaptionOptions } from '../../index.js';
import { enqueueImages, folderResults, startQueueWorker, streamResults, type ResultStore } from '../../queue/index.js';
import type { CommandIo } from '../console/command-io.js';
import { EXIT_CODE } from '../console/exit-code.js';
import { loadWorkers } from '../console/load-workers.js';
import type { ModelSettings } from '../console/open-model.js';
import type { Output } from '../console/output.js';

/** Adds the images that inputs stand for. @throws DatasetError, RuntimeError */
export async function enqueue(
  inputs: readonly string[],
  { redis, queue }: { readonly redis: string; readonly queue: string },
  output: Output,
): Promise<number> {
  const count = await enqueueImages(namesOf(inputs), { redisUrl: redis, queue });
  await output.print(`${count} images are in the queue ${queue}.\n`);
  return EXIT_CODE.ok;
}

async function* namesOf(inputs: readonly string[]): AsyncGenerator<string, void, void> {
  for await (const { name } of datasetImages(inputs)) yield name;
}

/** What `captioneer worker` is asked for. */
export interface WorkSettings {
  readonly redisUrl: string;
  readonly queue: string;
  /** Where results go: a folder, or else a stream. */
  readonly folder: string | undefined;
  readonly stream: string | undefined;
  readonly concurrency: number;
  readonly lockMs: number;
  readonly isUntilEmpty: boolean;
  readonly model: ModelSettings;
  readonly caption: CaptionOptions;
}

/** Captions images of a queue until SIGTERM or Ctrl-C, or until it is empty. @throws ModelError, RuntimeError */
export async function work(settings: WorkSettings, io: CommandIo, output: Output): Promise<number> {
  const { redisUrl, queue, concurrency, lockMs, caption } = settings;
  const workers = await loadWorkers(withOneThread(settings.model), 1, io, output);
  try {
    const worker = await startQueueWorker(workers.captioners[0]!, {
      redisUrl,
      queue,
      concurrency,
      lockMs,
      caption,
      results: await resultsOf(settings),
      onError: ({ message }) => {
        if (!settings.model.isQuiet) void output.printError(`captioneer: ${message}\n`);
      },
    });
    const stopped = new Promise<void>((resolve) => {
      process.once('SIGTERM', () => resolve());
      io.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    await Promise.race([stopped, ...(settings.isUntilEmpty ? [worker.untilEmpty()] : [])]);
    await worker.close();
  } finally {
    await workers.dispose();
  }
  return EXIT_CODE.ok;
}

/** A worker is started for each core, so its graphs take one thread, unless the command line says otherwise. */
export function withOneThread(model: ModelSettings): ModelSettings {
  return { ...model, load: { numThreads: 1, ...model.load } };
}

async function resultsOf({ redisUrl, folder, stream }: WorkSettings): Promise<ResultStore> {
  return folder === undefined ? streamResults({ redisUrl, stream: stream! }) : folderResults(folder);
}
