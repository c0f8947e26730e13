import { availableParallelism } from 'node:os';
import { Captioner } from '../../worker/node/index.js';
import type { CommandIo, LoadCaptionerOptions } from './command-io.js';
import { openModel, type ModelSettings } from './open-model.js';
import type { Output } from './output.js';

/** More threads need more memory, each for its own copy of the model, than most machines have to spare. */
const MAX_DEFAULT_WORKERS = 4;

/** Captioners of one model, each in a thread of its own. */
export interface Workers {
  readonly captioners: readonly Captioner[];
  /** Releases all of them. */
  dispose(): Promise<void>;
}

/**
 * Loads a model in several threads; the first of them downloads it, if it has to come through the network.
 *
 * @param count of threads; undefined: one for each core, 4 at most
 * @throws as {@link openModel}
 */
export async function loadWorkers(
  { source, load, isQuiet }: ModelSettings,
  count: number | undefined,
  io: Pick<CommandIo, 'signal'>,
  output: Output,
): Promise<Workers> {
  const total = count ?? Math.min(MAX_DEFAULT_WORKERS, availableParallelism());
  // Threads of one process share its cores: one each, unless the command line says otherwise.
  const options: LoadCaptionerOptions = {
    numThreads: Math.max(1, Math.floor(availableParallelism() / total)),
    ...load,
  };
  const captioners: Captioner[] = [];
  const loadCaptioner = async (model: string | undefined, given: LoadCaptionerOptions): Promise<Captioner> => {
    const captioner = await Captioner.load(model, given);
    captioners.push(captioner);
    return captioner;
  };
  const dispose = async (): Promise<void> => {
    await Promise.all(captioners.map((captioner) => captioner.dispose()));
  };
  try {
    for (let index = 0; index < total; index += 1) {
      const settings = { source, load: options, isQuiet: isQuiet || index > 0 };
      await openModel(settings, { signal: io.signal, loadCaptioner }, output);
    }
  } catch (error) {
    await dispose();
    throw error;
  }
  return { captioners, dispose };
}
