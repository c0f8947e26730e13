import { createServer, type ServerOptions } from '../../server/index.js';
import type { CommandIo } from '../console/command-io.js';
import { reportError } from '../console/error-report.js';
import { EXIT_CODE } from '../console/exit-code.js';
import { loadWorkers } from '../console/load-workers.js';
import type { ModelSettings } from '../console/open-model.js';
import type { Output } from '../console/output.js';
import { UsageError } from '../console/usage-error.js';

/** What `captioneer serve` is asked for. */
export interface ServeSettings {
  readonly model: ModelSettings;
  readonly hostname: string;
  readonly port: number;
  /** Undefined: one for each core, 4 at most. */
  readonly numWorkers: number | undefined;
  /** Whether URLs may lead into private networks. */
  readonly allowPrivateNetworks: boolean;
  readonly server: ServerOptions;
}

/**
 * Serves until SIGTERM or Ctrl-C; then it answers what it has taken.
 *
 * @returns the exit code
 * @throws UsageError if it cannot listen; ModelError; the abort reason if it is stopped before it listens
 */
export async function serve(settings: ServeSettings, io: CommandIo, output: Output): Promise<number> {
  const { model, hostname, port, numWorkers, allowPrivateNetworks } = settings;
  const stopped = untilStopped(io.signal);
  const load = { ...model.load, limits: { allowPrivateNetworks } };
  const workers = await loadWorkers({ ...model, load }, numWorkers, io, output);
  try {
    const server = createServer(workers.captioners, {
      ...settings.server,
      onError: (error) => void output.printError(`captioneer: ${reportError(error).message}\n`),
    });
    const address = await server.listen({ hostname, port }).catch((error: unknown) => {
      const { code, message } = error as NodeJS.ErrnoException;
      throw new UsageError(`--port: cannot listen on ${hostname}:${port} (${code ?? message})`);
    });
    if (!model.isQuiet)
      await output.print(`captioneer: listening on ${address}, ${workers.captioners.length} workers\n`);
    await stopped;
    await server.close();
  } finally {
    await workers.dispose();
  }
  return EXIT_CODE.ok;
}

/** Resolves at SIGTERM, by which service managers and containers end a process, and at Ctrl-C. */
function untilStopped(interrupted: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve());
    interrupted.addEventListener('abort', () => resolve(), { once: true });
    if (interrupted.aborted) resolve();
  });
}
