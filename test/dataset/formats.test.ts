import { readFile, writeFile } from 'node:fs/promises';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { captionDataset, datasetImages, writeTable, type DatasetImage } from '../../src/dataset/index.js';
import { readTar } from '../../src/dataset/tar.js';
import { FakeDatasetCaptioner, image, recordsOf, temporaryFolder, textOf } from './fixtures.js';

const folder = temporaryFolder();

/** The record of these images. */
async function record(images: Iterable<DatasetImage> | AsyncIterable<DatasetImage>): Promise<string> {
  await captionDataset(new FakeDatasetCaptioner(), images, { record: folder.path('record.jsonl') });
  return folder.path('record.jsonl');
}

describe('writeTable', () => {
  it('writes CSV, with quotes about what needs them', async () => {
    const path = await record([image('a, "b"\nc.jpg', [1]), image('d.jpg', [2])]);
    await writeTable(path, folder.path('out.csv'), 'csv', []);
    const [first, second, third] = (await readFile(folder.path('out.csv'), 'utf8')).split('\r\n');
    expect(first).toBe('image,text,confidence,assessment,sha256,model');
    expect(second).toMatch(/^"a, ""b""\nc.jpg",text of [0-9a-f]{8},0.5,,[0-9a-f]{64},fake$/);
    expect(third).toMatch(/^d.jpg,/);
  });

  it('writes Parquet that another reader reads, in several row groups', async () => {
    async function* many() {
      for (let index = 0; index < 51_000; index += 1) yield image(`${index}.jpg`, [1, index & 255, index >> 8]);
    }
    const path = await record(many());
    await writeTable(path, folder.path('out.parquet'), 'parquet', []);
    const rows = await parquetReadObjects({ file: await asyncBufferFromFile(folder.path('out.parquet')) });
    expect(rows).toHaveLength(51_000);
    const { settings: _, ...expected } = (await recordsOf(path))[50_500]!;
    expect(rows[50_500]).toMatchObject(expected);
    expect(rows[7]!.assessment ?? undefined).toBeUndefined();
  });

  it('reads a WebDataset tar and writes one: the bytes of each image, its text and its record', async () => {
    const archive = pack();
    for (const [name, bytes] of [
      ['000/x.jpg', [1, 2]],
      ['000/x.cls', [3]],
      ['y.png', [4]],
      ['bad.png', [0]],
    ] as const) {
      archive.entry({ name }, Buffer.from(bytes));
    }
    archive.finalize();
    const tar = folder.path('in.tar');
    await writeFile(tar, archive as AsyncIterable<Buffer>);
    const path = await record(datasetImages([tar]));
    expect((await recordsOf(path)).map((each) => each.image)).toEqual([`${tar}#000/x.jpg`, `${tar}#y.png`]);
    await writeTable(path, folder.path('out.tar'), 'tar', [tar]);
    const files = new Map<string, Uint8Array>();
    for await (const { name, bytes } of readTar(folder.path('out.tar'), 1e6)) files.set(name, bytes!);
    expect([...files.keys()]).toEqual([
      '000000000.jpg',
      '000000000.txt',
      '000000000.json',
      '000000001.png',
      '000000001.txt',
      '000000001.json',
    ]);
    expect([...files.get('000000000.jpg')!]).toEqual([1, 2]);
    expect(new TextDecoder().decode(files.get('000000001.txt'))).toBe(textOf(new Uint8Array([4])));
    expect(JSON.parse(new TextDecoder().decode(files.get('000000001.json')))).toMatchObject({ image: `${tar}#y.png` });
    const whole = await readFile(tar);
    await writeFile(tar, whole.subarray(0, 700));
    await expect(record(datasetImages([tar]))).rejects.toMatchObject({ code: 'DATASET' });
  });
});
