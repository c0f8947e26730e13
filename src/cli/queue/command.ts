import { Option, type Command } from 'commander';
import { captionOptions, modelOptions, samplingOptions, wordOptions } from '../caption/command.js';
import { toCaptionOptions, toModelSettings, type GivenOptions } from '../caption/settings.js';
import type { AddCommand } from '../console/add-command.js';
import { UsageError } from '../console/usage-error.js';
import { realNumber, wholeNumber } from '../console/option-values.js';

interface GivenQueueOptions {
  readonly redis: string;
  readonly queue: string;
}

interface GivenWorkerOptions extends GivenOptions, GivenQueueOptions {
  readonly output?: string;
  readonly outputStream?: string;
  readonly concurrency: number;
  readonly lock: number;
  readonly untilEmpty?: true;
}

function addLocation(command: Command): Command {
  return command
    .addOption(
      new Option('--redis <url>', 'address of the Redis server').env('REDIS_URL').default('redis://localhost:6379'),
    )
    .addOption(new Option('--queue <name>', 'name of the queue').default('captioneer'));
}

/** `captioneer enqueue <input...>`: adds images to a queue on Redis. */
export const addEnqueueCommand: AddCommand = (program, start) => {
  addLocation(program.command('enqueue'))
    .description(
      'Adds images to a queue on Redis, from which "captioneer worker" takes them (needs bullmq and ioredis).',
    )
    .argument('<input...>', 'folder, pattern in quotes, list of names (.txt), or image, by paths that workers can read')
    .action((inputs: string[], given: GivenQueueOptions) => {
      start(async (_io, output) => (await import('./run-queue.js')).enqueue(inputs, given, output));
    });
};

/** `captioneer worker`: captions images of a queue. */
export const addWorkerCommand: AddCommand = (program, start) => {
  const command = addLocation(program.command('worker'))
    .description('Captions images of a queue on Redis, one worker for each core of any number of machines.')
    .option('-o, --output <folder>', 'folder of results, one line of JSON in a file each')
    .option('--output-stream <key>', 'results as entries of a Redis stream (fields id, result)')
    .addOption(
      new Option('--concurrency <n>', 'images under way at once')
        .argParser(wholeNumber('--concurrency', 1, 64))
        .default(2),
    )
    .addOption(
      new Option('--lock <seconds>', 'after this silence a worker counts as dead')
        .argParser(realNumber('--lock', true))
        .default(30),
    )
    .option('--until-empty', 'end when no image is left');
  for (const option of [...modelOptions(), ...captionOptions(), ...wordOptions(), ...samplingOptions()]) {
    if (option.long === '--threads') option.description = 'processor threads (default: 1, with a worker for each core)';
    if (option.long !== '--min-confidence') command.addOption(option);
  }
  command.addOption(new Option('-q, --quiet', 'no warnings')).action((given: GivenWorkerOptions) => {
    if ((given.output === undefined) === (given.outputStream === undefined)) {
      throw new UsageError('worker: give --output or --output-stream, one of them');
    }
    const settings = {
      redisUrl: given.redis,
      queue: given.queue,
      folder: given.output,
      stream: given.outputStream,
      concurrency: given.concurrency,
      lockMs: given.lock * 1000,
      isUntilEmpty: given.untilEmpty === true,
      model: toModelSettings(given),
      caption: toCaptionOptions(given),
    };
    start(async (io, output) => (await import('./run-queue.js')).work(settings, io, output));
  });
};
