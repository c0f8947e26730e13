import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { withOneThread } from '../../src/cli/queue/run-queue.js';
import { deadLetters, enqueueImages, folderResults, startQueueWorker } from '../../src/queue/index.js';
import { temporaryFolder } from '../dataset/fixtures.js';

const FAULTS = fileURLToPath(new URL('../../bench/queue-faults.mjs', import.meta.url));
const hasRedis = spawnSync('redis-server', ['--version']).status === 0;
const folder = temporaryFolder();
const children = new Set<ChildProcess>();

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

/** A Redis that has on the disk what it has acknowledged. */
async function startRedis(port: number): Promise<ChildProcess> {
  const args = [
    '--port',
    port,
    '--dir',
    folder.path(''),
    '--appendonly',
    'yes',
    '--appendfsync',
    'always',
    '--save',
    '',
  ];
  const child = spawn('redis-server', args.map(String), { stdio: ['ignore', 'pipe', 'ignore'] });
  children.add(child);
  for await (const text of child.stdout) if (String(text).includes('Ready to accept')) break;
  return child;
}

async function results(): Promise<{ image: string; text: string }[]> {
  const root = folder.path('results');
  const names = (await readdir(root, { recursive: true }).catch(() => [])).filter((name) => name.endsWith('.json'));
  return Promise.all(names.map(async (name) => JSON.parse(await readFile(join(root, name), 'utf8')) as never));
}

it("a worker's graphs take one thread unless it is told otherwise", () => {
  const model = { source: undefined, isQuiet: true };
  expect(withOneThread({ ...model, load: { dtype: 'q8' } }).load).toEqual({ dtype: 'q8', numThreads: 1 });
  expect(withOneThread({ ...model, load: { numThreads: 4 } }).load).toEqual({ numThreads: 4 });
});

describe.skipIf(!hasRedis)('a queue on Redis (skipped without redis-server)', () => {
  it.each([['a folder'], ['a stream', '--stream']])(
    'workers and Redis are killed: each image has one result in %s in the end',
    async (_name, ...args) => {
      const faults = ['--images', '24', '--workers', '2', '--kills', '3', '--redis-kills', '1', '--seed', '5'];
      const { stdout } = await promisify(execFile)(process.execPath, [FAULTS, ...faults, ...args]);
      expect(JSON.parse(stdout)).toMatchObject({ results: 24, missing: 0, twice: 0, onlyBrokenIsDead: true });
    },
  );

  it('tries again what may pass, with growing waits, and then gives up', async () => {
    const redisUrl = `redis://127.0.0.1:${await freePort()}`;
    await startRedis(Number(new URL(redisUrl).port));
    const tries: Record<string, number[]> = { passing: [], lasting: [] };
    const captioner = {
      manifest: { name: 'fake' },
      caption: async (image: string) => {
        tries[image]!.push(performance.now());
        if (image === 'passing' && tries.passing!.length === 3) return { text: 'a cat' } as never;
        throw new Error('busy');
      },
    };
    await enqueueImages(['passing', 'lasting'], { redisUrl, attempts: 3, backoffMs: 50 });
    const worker = await startQueueWorker(captioner, { redisUrl, results: folderResults(folder.path('results')) });
    await worker.untilEmpty();
    await worker.close();
    expect(tries.passing).toHaveLength(3);
    expect(tries.lasting).toHaveLength(3);
    const [first, second, third] = tries.lasting as [number, number, number];
    expect(second - first).toBeGreaterThanOrEqual(49);
    expect(third - second).toBeGreaterThanOrEqual(99);
    expect(await results()).toMatchObject([{ image: 'passing', text: 'a cat', model: 'fake' }]);
    expect(await deadLetters({ redisUrl })).toEqual([{ image: 'lasting', reason: 'busy', attempts: 3 }]);
  });
});
