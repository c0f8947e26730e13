import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdir, readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { failure } from '../adapters/node/support.js';
import { sha256, type HubModel, type Intercept } from './hub-server.js';
import { freshFolder, openFiles, startHub } from './support.js';

const CONTENT = Uint8Array.from({ length: 400_000 }, (_, i) => (Math.imul(i + 7, 2654435761) >>> 16) & 255);
const NAME = 'onnx/model.onnx';
const MODEL: HubModel = { files: { 'config.json': Uint8Array.of(123, 125), [NAME]: CONTENT } };
const HASH = sha256(CONTENT);
const LIBRARY = new URL('../../dist/adapters/node/index.js', import.meta.url).href;

/** Reads the model's file in a process of its own, which has the environment of the test, and prints the hash of what it read. */
function startReader(): ChildProcess {
  const script = `
    import { createHash } from 'node:crypto';
    import { nodePlatform } from ${JSON.stringify(LIBRARY)};
    const files = await nodePlatform().findModelFiles('owner/name');
    console.log(createHash('sha256').update(await files.read('${NAME}')).digest('hex'));`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** What a reader printed. */
async function readBy(child: ChildProcess): Promise<string> {
  return (await text(child.stdout!)).trim();
}

/** Sends the first half of the file and then nothing, until `goOn` is called. */
function halfway(): { intercept: Intercept; goOn: () => void } {
  let goOn = (): void => undefined;
  return {
    intercept: ({ host }, response) => {
      if (host !== 'storage') return false;
      response.writeHead(200, { etag: `"${HASH}"`, 'content-length': CONTENT.length });
      response.write(CONTENT.subarray(0, CONTENT.length / 2));
      goOn = () => response.end(CONTENT.subarray(CONTENT.length / 2));
      return true;
    },
    goOn: () => {
      goOn();
    },
  };
}

async function partialFiles(home: string): Promise<string[]> {
  const names = await readdir(join(home, 'hub', 'models--owner--name', 'blobs')).catch(() => []);
  return names.filter((name) => name.includes('partial'));
}

describe('the cache', () => {
  test('is filled by two processes at once: one downloads, both have the file', async () => {
    const { hub } = await startHub({ 'owner/name': MODEL });
    const { intercept, goOn } = halfway();
    hub.intercept = intercept;
    const readers = [startReader(), startReader()];
    const read = Promise.all(readers.map(readBy));
    // Both have listed the model, so that both want the file before it is there.
    const listings = (): number => hub.seen.filter(({ path }) => path.includes('/tree/')).length;
    await expect.poll(() => listings() >= 2 && hub.filesAsked('storage').length === 1).toBe(true);
    goOn();
    expect(await read).toEqual([HASH, HASH]);
    expect(hub.filesAsked('storage')).toHaveLength(1);
  });

  test('is right after a process was killed while it wrote', async () => {
    const { hub, home } = await startHub({ 'owner/name': MODEL });
    hub.intercept = halfway().intercept;
    const killed = startReader();
    await expect.poll(() => partialFiles(home)).toHaveLength(1);
    killed.kill('SIGKILL');
    await new Promise((ended) => killed.once('exit', ended));
    hub.intercept = undefined;

    // The lock of a process that is gone is taken over ten seconds after its last sign of life.
    const lock = join(home, 'hub', '.locks', 'models--owner--name', `${HASH}.js.lock`);
    await utimes(lock, 0, 0);
    expect(await readBy(startReader())).toBe(HASH);
    expect(await partialFiles(home)).toEqual([]);
  });

  test.skipIf(process.platform !== 'linux' || process.getuid?.() !== 0)(
    'names a full disk, and is right once there is space',
    async (context) => {
      await startHub({ 'owner/name': MODEL });
      const disk = join(await freshFolder(), 'disk');
      await mkdir(disk);
      const mount = (options: string): boolean =>
        spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk]).status === 0;
      if (!mount('size=256k')) context.skip('no file system can be mounted here');
      onTestFinished(() => void spawnSync('umount', [disk]));
      vi.stubEnv('HF_HUB_CACHE', disk);
      const error = await failure((await openFiles('owner/name')).read(NAME));
      expect(error).toMatchObject({ code: 'MODEL_FILE', message: expect.stringMatching(/the disk is full/) });

      expect(mount('remount,size=4m')).toBe(true);
      expect(sha256(await (await openFiles('owner/name')).read(NAME))).toBe(HASH);
    },
  );
});
