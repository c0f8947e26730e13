import { readQueue, writeQueue } from '../../alt/index.js';
import type { CommandIo } from '../console/command-io.js';
import { EXIT_CODE } from '../console/exit-code.js';
import type { Output } from '../console/output.js';
import { startReview } from './review-server.js';
import { reviewInTerminal } from './review-terminal.js';

/** What `captioneer alt review` is asked for. */
export interface ReviewSettings {
  readonly queue: string;
  readonly isTerminal: boolean;
  readonly port: number;
}

/**
 * Lets a person decide on each image of a queue, on a page or in the terminal. The page is served until Ctrl-C.
 *
 * @returns the exit code
 */
export async function reviewTexts(settings: ReviewSettings, output: Output, io: CommandIo): Promise<number> {
  const queue = await readQueue(settings.queue);
  const save = (now: typeof queue): Promise<void> => writeQueue(settings.queue, now);
  if (settings.isTerminal) return reviewInTerminal(queue, save, output, io);
  const server = await startReview({ queue, save, port: settings.port, script: await io.pageScript('review') });
  try {
    await output.print(`Open ${server.url} in a browser. Decisions are saved at once; Ctrl-C ends.\n`);
    await ended(io.signal);
    return EXIT_CODE.ok;
  } finally {
    await server.close();
  }
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
