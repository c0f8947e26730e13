import { createReadStream, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { florenceFiles } from '../hub/checkpoints.js';
import { Captioner as PlainCaptioner, ImageUnreadableError, InvalidArgumentError } from '../../src/index.js';

/** The thread's own file is a built one, so the built package is tested. */
const { Captioner, threadPort, WorkerCaptioner } =
  await builtModule<typeof import('../../src/worker/node/index.js')>('worker/node/index.js');
const built = await builtModule<typeof import('../../src/index.js')>('index.js');

async function builtModule<Module>(name: string): Promise<Module> {
  return (await import(/* @vite-ignore */ new URL(`../../dist/${name}`, import.meta.url).href)) as Module;
}

const CAT = fileURLToPath(new URL('../../docs/images/cat.jpg', import.meta.url));
const FAMILY = fileURLToPath(new URL('../fixtures/families/attention-lstm', import.meta.url));
const COFFEE = fileURLToPath(new URL('../../docs/images/coffee.jpg', import.meta.url));

let inWorker: Awaited<ReturnType<typeof Captioner.load>>;
let plain: PlainCaptioner;

beforeAll(async () => {
  inWorker = await Captioner.load();
  plain = await PlainCaptioner.load();
});

afterAll(async () => {
  await inWorker.dispose();
  await plain.dispose();
});

describe('a captioner in a worker thread', () => {
  it('gives what a captioner in this thread gives', async () => {
    const [here, there] = [
      await plain.caption(CAT, { numCaptions: 2, attention: true }),
      await inWorker.caption(CAT, { numCaptions: 2, attention: true }),
    ];
    const { timing: _, ...expected } = here;
    expect(there).toMatchObject(expected);
    expect(there.words[0]?.attention).toEqual(here.words[0]?.attention);
    expect(inWorker.manifest).toEqual(plain.manifest);
  });

  it('reads the text in an image as a captioner in this thread does, and refuses if the model cannot', async () => {
    await expect(inWorker.readText(CAT)).rejects.toMatchObject({ name: 'InvalidArgumentError', argument: 'model' });
    const there = await Captioner.load(florenceFiles());
    const here = await PlainCaptioner.load(florenceFiles());
    const options = { numBeams: 2, maxLength: 6 };
    const { timing: _, ...expected } = await here.readText(CAT, options);
    expect(await there.readText(CAT, options)).toMatchObject(expected);
    await Promise.all([here.dispose(), there.dispose()]);
  });

  it.each<[string, () => unknown]>([
    ['a path', () => CAT],
    ['a URL', () => new URL(`file://${CAT}`)],
    ['a Buffer, which stays whole', () => readFileSync(CAT)],
    ['a Blob', () => new Blob([readFileSync(CAT)])],
    ['a Response', () => new Response(readFileSync(CAT))],
    ['a stream', () => createReadStream(CAT)],
    ['sharp', () => sharp(CAT)],
  ])('takes %s', async (_form, image) => {
    const source = image();
    expect((await inWorker.caption(source as string)).text).toBe((await plain.caption(CAT)).text);
    if (Buffer.isBuffer(source)) expect(source.byteLength).toBeGreaterThan(0);
  });

  it('takes a FileHandle', async () => {
    await using handle = await open(CAT);
    expect((await inWorker.caption(handle)).text).toBe((await plain.caption(CAT)).text);
  });

  it('streams, and its result drives itself', async () => {
    const pieces: string[] = [];
    const stream = inWorker.stream(CAT, { numBeams: 1 });
    for await (const piece of stream) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(2);
    expect(pieces.join('')).toBe((await stream.result).text);
    expect((await inWorker.stream(CAT).result).text).toBe((await plain.caption(CAT)).text);
  });

  it('captions many; a bad one does not end the batch', async () => {
    const outcomes = [];
    const sources = [CAT, '/no/such/file.jpg', undefined as never, COFFEE];
    for await (const outcome of inWorker.captionAll(sources, { batchSize: 2 })) outcomes.push(outcome);
    expect(outcomes.map(({ status, index }) => [status, index])).toEqual([
      ['fulfilled', 0],
      ['rejected', 1],
      ['rejected', 2],
      ['fulfilled', 3],
    ]);
    expect(outcomes.map(({ source }) => source as unknown)).toEqual(sources);
  });

  it('passes errors on as what they are', async () => {
    const error: unknown = await inWorker.caption('/no/such/file.jpg').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(built.ImageUnreadableError);
    expect(ImageUnreadableError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ code: 'IMAGE_UNREADABLE', source: '/no/such/file.jpg' });
    const wrong: unknown = await inWorker.caption(CAT, { numBeam: 3 } as never).catch((reason: unknown) => reason);
    expect(wrong).toMatchObject({ code: 'INVALID_ARGUMENT', argument: 'numBeam' });
  });

  it('refuses what cannot be sent', async () => {
    const rule = { name: 'rule', process: () => undefined };
    const error: unknown = await inWorker.caption(CAT, { logitsProcessors: [rule] }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', argument: 'logitsProcessors' });
    expect(InvalidArgumentError.isInstance(error)).toBe(true);
  });

  it('stops with the reason of the signal', async () => {
    const reason = new Error('enough');
    const abort = new AbortController();
    const captioning = inWorker.caption(CAT, { signal: abort.signal, numBeams: 8 });
    setTimeout(() => abort.abort(reason), 5);
    await expect(captioning).rejects.toBe(reason);
    await expect(inWorker.caption(CAT, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect((await inWorker.caption(CAT)).text).not.toBe('');
  });

  it('leaves this thread free', async () => {
    let longest = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 1);
    const { timing } = await inWorker.caption(COFFEE, { numBeams: 16 });
    clearInterval(timer);
    expect(longest).toBeLessThan(timing.totalMs);
  });
});

describe('the worker of a captioner', () => {
  it('is started again when it has died', async () => {
    const threads: Worker[] = [];
    class Restarting extends WorkerCaptioner<string> {
      static async load(): Promise<Restarting> {
        const start = () => {
          const thread = new Worker(new URL('../../dist/worker/node/thread.js', import.meta.url));
          threads.push(thread);
          return threadPort(thread);
        };
        const captioner = new Restarting({ start, send: (image) => ({ image }) }, FAMILY, {});
        await captioner.open();
        return captioner;
      }
    }
    const captioner = await Restarting.load();
    const { text } = await captioner.caption(CAT);
    await threads[0]!.terminate();
    expect((await captioner.caption(CAT)).text).toBe(text);
    expect(threads).toHaveLength(2);
    await captioner.dispose();
  });

  it('ends with dispose, after what is under way', async () => {
    const captioner = await Captioner.load(FAMILY);
    const captioning = captioner.caption(CAT);
    await captioner.caption(CAT);
    await captioner.dispose();
    await expect(captioning).resolves.toMatchObject({ text: expect.any(String) as string });
    await expect(captioner.caption(CAT)).rejects.toMatchObject({ code: 'DISPOSED' });
    await captioner.dispose();
  });

  it('passes a failed load on', async () => {
    await expect(Captioner.load('/no/such/folder')).rejects.toMatchObject({ code: 'MODEL_FILE' });
  });
});
