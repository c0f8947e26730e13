import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { deadLetters, enqueueImages, folderResults, startQueueWorker } from '../../src/queue/index.js';
import { temporaryFolder } from '../dataset/fixtures.js';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const CAT = fileURLToPath(new URL('../../docs/images/cat.jpg', import.meta.url));
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

function startWorker(redisUrl: string): ChildProcess {
  const args = ['worker', '--redis', redisUrl, '-o', 'results', '--lock', '2', '--quiet', '--until-empty'];
  const child = spawn(process.execPath, [MAIN, ...args], { cwd: folder.path(''), stdio: 'ignore' });
  children.add(child);
  return child;
}

async function results(): Promise<{ image: string; text: string }[]> {
  const root = folder.path('results');
  const names = (await readdir(root, { recursive: true }).catch(() => [])).filter((name) => name.endsWith('.json'));
  return Promise.all(names.map(async (name) => JSON.parse(await readFile(join(root, name), 'utf8')) as never));
}

describe.skipIf(!hasRedis)('a queue on Redis (skipped without redis-server)', () => {
  it('workers are killed and Redis is restarted: each image has one result in the end', async () => {
    const port = await freePort();
    const redisUrl = `redis://127.0.0.1:${port}`;
    const redis = await startRedis(port);
    await mkdir(folder.path('photos'));
    const cat = await sharp(CAT).resize(100).toBuffer();
    for (let index = 0; index < 30; index += 1) {
      await writeFile(
        folder.path(`photos/${index}.jpg`),
        await sharp(cat)
          .rotate(index * 12)
          .jpeg()
          .toBuffer(),
      );
    }
    await writeFile(folder.path('photos/broken.jpg'), 'no image');
    const photos = (await readdir(folder.path('photos'))).map((name) => folder.path(`photos/${name}`));
    await enqueueImages(photos, { redisUrl });
    await enqueueImages(photos, { redisUrl }); // changes nothing

    let worker = startWorker(redisUrl);
    for (const count of [4, 9]) {
      await expect.poll(async () => (await results()).length).toBeGreaterThanOrEqual(count);
      worker.kill('SIGKILL');
      worker = startWorker(redisUrl);
    }
    await expect.poll(async () => (await results()).length).toBeGreaterThanOrEqual(14);
    redis.kill('SIGKILL');
    await once(redis, 'exit');
    await startRedis(port);
    const [code] = (await once(worker, 'exit')) as [number | null];
    expect(code).toBe(0);

    const all = await results();
    expect(all.map(({ image }) => image).sort()).toEqual(photos.filter((name) => !name.includes('broken')).sort());
    expect(await deadLetters({ redisUrl })).toMatchObject([{ image: folder.path('photos/broken.jpg'), attempts: 1 }]);
  });

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
