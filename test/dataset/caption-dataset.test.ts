import { appendFile, mkdir, readFile, readdir, truncate, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { captionDataset, datasetImages, type DatasetImage } from '../../src/dataset/index.js';
import { countDataset } from '../../src/dataset/count.js';
import { FakeDatasetCaptioner, image, recordsOf, temporaryFolder, textOf } from './fixtures.js';

const folder = temporaryFolder();

describe('captionDataset', () => {
  it('records each image once, and gives the same bytes the same caption without captioning them again', async () => {
    const captioner = new FakeDatasetCaptioner();
    const images = [image('a', [1]), image('b', [2]), image('c', [1]), image('a', [1]), image('d', [2])];
    const progress = await captionDataset(captioner, images, { record: folder.path('out.jsonl') });
    expect(progress).toEqual({ seen: 5, skipped: 1, captioned: 2, duplicates: 2, failed: 0 });
    expect(captioner.captioned).toHaveLength(2);
    const records = await recordsOf(folder.path('out.jsonl'));
    expect(records.map(({ image: name }) => name).sort()).toEqual(['a', 'b', 'c', 'd']);
    const text = Object.fromEntries(records.map((record) => [record.image, record.text]));
    expect(text).toEqual({
      a: textOf(new Uint8Array([1])),
      b: textOf(new Uint8Array([2])),
      c: textOf(new Uint8Array([1])),
      d: textOf(new Uint8Array([2])),
    });
  });

  it('goes on with a record that ends in the middle of a line', async () => {
    const record = folder.path('out.jsonl');
    const images = ['a', 'b', 'c'].map((name, index) => image(name, [index + 1]));
    await captionDataset(new FakeDatasetCaptioner(), images, { record });
    const whole = await readFile(record, 'utf8');
    for (let cut = 1; cut < whole.length; cut += 17) {
      await writeFile(record, whole.slice(0, whole.length - cut));
      const { captioned, skipped } = await captionDataset(new FakeDatasetCaptioner(), images, { record });
      expect(captioned + skipped).toBe(3);
      expect((await recordsOf(record)).map(({ image: name }) => name).sort()).toEqual(['a', 'b', 'c']);
    }
  });

  it('collects images that fail, their duplicates too, and tries them again the next time', async () => {
    const record = folder.path('out.jsonl');
    const failures: string[] = [];
    const messages = new Set<string>();
    const run = () =>
      captionDataset(new FakeDatasetCaptioner(), [image('bad', [0]), image('a', [1]), image('bad2', [0])], {
        record,
        onFailure: ({ image: name, error }) => {
          failures.push(name);
          messages.add((error as Error).message);
        },
      });
    expect(await run()).toMatchObject({ captioned: 1, failed: 2 });
    expect(await run()).toMatchObject({ captioned: 0, skipped: 1, failed: 2 });
    expect(failures.sort()).toEqual(['bad', 'bad', 'bad2', 'bad2']);
    expect([...messages].sort()).toEqual(['bad2: no image', 'bad: no image']);
  });

  it('refuses a record of another model or other options, one that is in use, and what is no record', async () => {
    const record = folder.path('out.jsonl');
    await captionDataset(new FakeDatasetCaptioner(), [image('a', [1])], { record });
    const other = captionDataset(new FakeDatasetCaptioner(), [], { record, caption: { numBeams: 2 } });
    await expect(other).rejects.toMatchObject({ code: 'DATASET', message: expect.stringMatching(/other options/) });
    await writeFile(`${record}.lock`, String(process.ppid));
    await expect(captionDataset(new FakeDatasetCaptioner(), [], { record })).rejects.toThrow(/another process/);
    await writeFile(`${record}.lock`, '999999999'); // a process that has been killed
    await captionDataset(new FakeDatasetCaptioner(), [], { record });
    await writeFile(folder.path('notes.txt'), 'milk\nbread\n');
    const notes = captionDataset(new FakeDatasetCaptioner(), [], { record: folder.path('notes.txt') });
    await expect(notes).rejects.toThrow(/not a record/);
    expect(await readFile(folder.path('notes.txt'), 'utf8')).toBe('milk\nbread\n');
  });

  it('writes text files beside images, and leaves out images that have one', async () => {
    await mkdir(folder.path('photos/more'), { recursive: true });
    await writeFile(folder.path('photos/a.jpg'), new Uint8Array([1]));
    await writeFile(folder.path('photos/more/b.png'), new Uint8Array([2]));
    await writeFile(folder.path('photos/more/b.txt'), 'by hand\n');
    const options = { record: folder.path('out.jsonl'), sidecar: true, onlyMissing: true };
    const images = () => datasetImages([folder.path('photos')]);
    const count = { record: undefined, isOnlyMissing: true, signal: new AbortController().signal };
    expect(await countDataset(images(), count)).toEqual({ seen: 2, done: 1 });
    expect(await captionDataset(new FakeDatasetCaptioner(), images(), options)).toMatchObject({
      captioned: 1,
      skipped: 1,
    });
    expect(await readFile(folder.path('photos/a.txt'), 'utf8')).toBe(`${textOf(new Uint8Array([1]))}\n`);
    expect(await readFile(folder.path('photos/more/b.txt'), 'utf8')).toBe('by hand\n');
    expect(await readdir(folder.path('photos'))).toHaveLength(3);
  });

  it('ends with the abort reason, keeps what is done, and shares work among captioners', async () => {
    const record = folder.path('out.jsonl');
    const stop = new AbortController();
    const captioners = [new FakeDatasetCaptioner(), new FakeDatasetCaptioner()];
    const run = captionDataset(captioners, numbered(1000), {
      record,
      signal: stop.signal,
      onProgress: ({ captioned }) => captioned === 100 && stop.abort(new Error('enough')),
    });
    await expect(run).rejects.toThrow('enough');
    const before = (await recordsOf(record)).length;
    expect(before).toBeGreaterThanOrEqual(100);
    expect(captioners.every(({ captioned }) => captioned.length > 10)).toBe(true);
    const { skipped, captioned } = await captionDataset(captioners, numbered(1000), { record });
    expect([skipped, captioned]).toEqual([before, 1000 - before]);
  });

  it('the failure of a captioner ends the run with it', async () => {
    const broken = new FakeDatasetCaptioner();
    // eslint-disable-next-line require-yield -- it fails before
    broken.captionAll = async function* () {
      throw new Error('out of memory');
    };
    const run = captionDataset([new FakeDatasetCaptioner(), broken], numbered(100_000), {
      record: folder.path('out.jsonl'),
    });
    await expect(run).rejects.toThrow('out of memory');
  });

  it('refuses a record that is a device', async () => {
    const run = captionDataset(new FakeDatasetCaptioner(), [image('a', [1])], { record: '/dev/full' });
    await expect(run).rejects.toThrow(/not a regular file/);
  });

  it('refuses unknown options', async () => {
    const run = captionDataset(new FakeDatasetCaptioner(), [], { record: 'x', sidecars: true } as never);
    await expect(run).rejects.toThrow(/Did you mean sidecar/);
  });

  // All of them: DATASET_NAMES=1000000 npx vitest run test/dataset
  const NAMES = Number(process.env.DATASET_NAMES ?? 5000);
  it(`of ${NAMES} names keeps less than 150 bytes each`, async () => {
    const record = folder.path('out.jsonl');
    const captioner = new FakeDatasetCaptioner();
    captioner.captioned.push = () => 0;
    const before = process.memoryUsage();
    let most = 0;
    const { captioned } = await captionDataset(captioner, numbered(NAMES), {
      record,
      onProgress: ({ seen }) => {
        if (seen % 1000 !== 0) return;
        const { heapUsed, arrayBuffers } = process.memoryUsage();
        most = Math.max(most, heapUsed + arrayBuffers - before.heapUsed - before.arrayBuffers);
      },
    });
    expect(captioned).toBe(NAMES);
    // 100 MB are what V8 leaves uncollected.
    expect(most).toBeLessThan(100e6 + 150 * NAMES);
  });
});

function* numbered(count: number): Generator<DatasetImage> {
  for (let index = 0; index < count; index += 1) {
    const bytes = new Uint8Array(5);
    bytes[0] = 1;
    new DataView(bytes.buffer).setUint32(1, index);
    yield { name: `photos/of-the-year/${index}.jpg`, read: () => Promise.resolve(bytes) };
  }
}

describe('datasetImages', () => {
  const names = async (...inputs: string[]): Promise<string[]> => {
    const found: string[] = [];
    for await (const { name } of datasetImages(inputs)) found.push(name.slice(folder.path('x').length - 1));
    return found.sort();
  };

  it('are those of folders, patterns and lists', async () => {
    await mkdir(folder.path('a/b'), { recursive: true });
    await mkdir(folder.path('a/.hidden'));
    for (const name of ['a/1.jpg', 'a/b/2.PNG', 'a/b/3.txt', 'a/.hidden/4.jpg', 'a/.5.jpg'])
      await writeFile(folder.path(name), name);
    await writeFile(folder.path('list.txt'), `${folder.path('a/1.jpg')}\n\n${folder.path('a/none.jpg')}\r\n`);
    await appendFile(folder.path('list.txt'), folder.path('a/b/2.PNG'));
    await truncate(folder.path('a/1.jpg'), 3);
    expect(await names(folder.path('a'))).toEqual(['a/1.jpg', 'a/b/2.PNG']);
    expect(await names(folder.path('a/*.jpg'))).toEqual(['a/1.jpg']);
    expect(await names(folder.path('a/**/*.{jpg,PNG}'))).toEqual(['a/1.jpg', 'a/b/2.PNG']);
    expect(await names(folder.path('list.txt'))).toEqual(['a/1.jpg', 'a/b/2.PNG', 'a/none.jpg']);
    await expect(names(folder.path('nowhere'))).rejects.toThrow(/no such file or folder/);
    let missing: DatasetImage | undefined;
    for await (const each of datasetImages([folder.path('list.txt')])) if (each.name.includes('none')) missing = each;
    await expect(missing!.read()).rejects.toMatchObject({
      code: 'IMAGE_UNREADABLE',
      message: expect.stringMatching(/ENOENT/),
    });
  });
});
