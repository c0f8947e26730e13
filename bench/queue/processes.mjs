import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const started = new Set();

/** @returns the process, whose `exited` is its exit code */
function start(command, args, stdio) {
  const child = spawn(command, args.map(String), { stdio });
  child.exited = once(child, 'exit').then(([code]) => code);
  started.add(child);
  child.on('exit', () => started.delete(child));
  return child;
}

/** A Redis that has on the disk what it has acknowledged. */
export async function startRedis(port, folder) {
  const args = ['--port', port, '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  const child = start(
    'redis-server',
    [...args, '--appendonly', 'yes', '--appendfsync', 'always'],
    ['ignore', 'pipe', 'ignore'],
  );
  for await (const text of child.stdout) if (String(text).includes('Ready to accept')) break;
  return child;
}

/** `captioneer worker`, until the queue is empty. */
export const startWorker = (redisUrl, args) =>
  start(
    process.execPath,
    [MAIN, 'worker', '--redis', redisUrl, '--quiet', '--until-empty', ...args],
    ['ignore', 'ignore', 'inherit'],
  );

/** Kills processes, those that this module has started if none are named, as kill -9 does. */
export async function killAll(children = [...started]) {
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(children.map(({ exited }) => exited));
}

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

/** The files of a folder of results. */
export function folderTexts(folder) {
  try {
    const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.json'));
    return names.map((name) => readFileSync(join(folder, name), 'utf8'));
  } catch {
    return [];
  }
}
