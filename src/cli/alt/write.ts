import {
  type AltItem,
  type AltQueue,
  EMPTY_QUEUE,
  proposalsOf,
  readQueueIfThere,
  type SourceFile,
  writeProposals,
  writeQueue,
} from '../../alt/index.js';
import type { AltTextPolicy, CaptionOptions } from '../../index.js';
import type { CommandCaptioner, CommandIo } from '../console/command-io.js';
import { count } from '../console/count.js';
import { asUsageError } from '../console/error-report.js';
import { EXIT_CODE } from '../console/exit-code.js';
import { type ModelSettings, openModel } from '../console/open-model.js';
import type { Output } from '../console/output.js';
import { modelIdentity } from './model-identity.js';
import { scanFiles, type SourceSettings } from './scan.js';

/** What `captioneer alt write` is asked for. */
export interface WriteSettings extends SourceSettings {
  readonly queue: string;
  readonly model: ModelSettings;
  readonly caption: CaptionOptions;
  readonly policy: AltTextPolicy;
  /** Whether the text in images is read too. */
  readonly readsText: boolean;
  /** Undefined for the usual ones. */
  readonly roots: readonly string[] | undefined;
  readonly isQuiet: boolean;
}

/** The queue is not written to the disk more often, so that a long one costs little. */
const SAVE_MS = 1000;

/**
 * Captions images without alternative text into a queue file. What was captioned is saved on the way, also if the run is interrupted.
 *
 * @returns the exit code: 1 if a source file could not be read
 */
export async function writeTexts(settings: WriteSettings, output: Output, io: CommandIo): Promise<number> {
  const before = (await readQueueIfThere(settings.queue)) ?? EMPTY_QUEUE;
  const files: SourceFile[] = [];
  const { failures } = await scanFiles(settings, output, io, (file) => files.push(file));
  const saver = new QueueSaver(settings.queue);
  let captioner: CommandCaptioner | undefined;
  try {
    const { queue, captioned } = await writeProposals(before, files, {
      model: await modelIdentity(settings.model, io.signal),
      captioner: async () => (captioner = await openModel(settings.model, io, output)),
      caption: settings.caption,
      policy: settings.policy,
      readsText: settings.readsText,
      ...(settings.roots && { roots: settings.roots }),
      signal: io.signal,
      onProgress: async (now, done, total) => {
        if (done === 1 && !settings.isQuiet) await output.startProgress(total, 'images');
        output.advanceProgress();
        await saver.offer(now);
      },
    });
    await saver.save(queue);
    output.stopProgress();
    await output.print(summary(queue, captioned, settings.queue));
  } catch (error) {
    throw asUsageError(error) ?? error;
  } finally {
    await saver.flush();
    await captioner?.dispose();
  }
  return failures === 0 ? EXIT_CODE.ok : EXIT_CODE.failed;
}

/** Saves a queue, but not after each image. */
class QueueSaver {
  readonly #path: string;
  #waiting: AltQueue | undefined;
  #saved = performance.now();

  constructor(path: string) {
    this.#path = path;
  }

  async offer(queue: AltQueue): Promise<void> {
    this.#waiting = queue;
    if (performance.now() - this.#saved >= SAVE_MS) await this.flush();
  }

  async save(queue: AltQueue): Promise<void> {
    this.#waiting = queue;
    await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#waiting === undefined) return;
    const queue = this.#waiting;
    this.#waiting = undefined;
    await writeQueue(this.#path, queue);
    this.#saved = performance.now();
  }
}

function summary(queue: AltQueue, captioned: number, path: string): string {
  const { items } = queue;
  const files = new Set(items.map(({ file }) => file)).size;
  const isWith = (item: AltItem): boolean => proposalsOf(queue, item).length > 0;
  const decided = items.filter(({ decision }) => decision !== undefined).length;
  const open = items.filter((item) => item.decision === undefined && isWith(item));
  const lines = [
    `${count(items.length, 'image')} without alternative text in ${count(files, 'file')}; ${captioned} captioned in this run.`,
    `  ${decided} decided`,
    `  ${open.filter(({ needsReview }) => !needsReview).length} with a proposal`,
    `  ${open.filter(({ needsReview }) => needsReview).length} with a proposal that needs review`,
    `  ${items.filter((item) => item.decision === undefined && !isWith(item)).length} without a proposal`,
    `Saved in ${path}. No source file was changed.`,
    ...(items.length > 0
      ? [`Next: captioneer alt review ${path === 'captioneer-alt.json' ? '' : `--queue ${path}`}`]
      : []),
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}
