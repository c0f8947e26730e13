import type { Readable } from 'node:stream';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { CommandCaptioner, CommandIo } from '../console/command-io.js';
import { EXIT_CODE } from '../console/exit-code.js';
import { type ModelSettings, openModel } from '../console/open-model.js';
import type { Output } from '../console/output.js';
import { createMcpServer } from './mcp-server.js';

/**
 * Serves until the assistant closes standard input, or Ctrl-C. The model is loaded when the first image is to be described.
 *
 * @returns the exit code
 */
export async function serveMcp(model: ModelSettings, output: Output, io: CommandIo): Promise<number> {
  let captioner: Promise<CommandCaptioner> | undefined;
  const server = createMcpServer({
    version: io.version,
    signal: io.signal,
    captioner: () =>
      (captioner ??= openModel({ ...model, isQuiet: true }, io, output).catch((error: unknown) => {
        // A failed load must not be the answer to all later calls.
        captioner = undefined;
        throw error;
      })),
  });
  const stdin = io.stdin as unknown as Readable;
  const ended = new Promise<void>((resolve) => {
    stdin.once('end', resolve);
    stdin.once('close', resolve);
    io.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await server.connect(new StdioServerTransport(stdin, io.stdout));
  await ended;
  await server.close();
  await captioner?.then((loaded) => loaded.dispose()).catch(() => undefined);
  stdin.destroy();
  return EXIT_CODE.ok;
}
