import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import { parquetWriteFile } from 'hyparquet-writer';
import { expect, it } from 'vitest';
import { captionDataset, datasetImages, writeTable } from '../../src/dataset/index.js';
import { readTar } from '../../src/dataset/tar.js';
import { plainImage } from '../metadata/described-images.js';
import { FakeDatasetCaptioner, recordsOf, temporaryFolder, textOf } from './fixtures.js';

const folder = temporaryFolder();

async function captionsOf(file: string, column?: string) {
  const failures: string[] = [];
  const record = folder.path('out.jsonl');
  await captionDataset(new FakeDatasetCaptioner(), datasetImages([file], column === undefined ? {} : { column }), {
    record,
    onFailure: ({ image }) => void failures.push(image),
  });
  const captions = Object.fromEntries((await recordsOf(record)).map(({ image, text }) => [image, text]));
  return { captions, failures, record };
}

it('reads images as Hugging Face writes them, in bytes and as paths beside the file', async () => {
  const [jpeg, png, other] = [await plainImage('jpeg', 1), await plainImage('png', 2), await plainImage('jpeg', 3)];
  await writeFile(folder.path('beside.jpg'), other);
  const file = folder.path('train.parquet');
  const image = [
    { bytes: jpeg, path: 'a.jpg' },
    { bytes: png, path: undefined },
    { bytes: undefined, path: 'beside.jpg' },
    undefined,
  ];
  parquetWriteFile({
    filename: file,
    schema: [
      { name: 'root', num_children: 2 },
      { name: 'image', num_children: 2, repetition_type: 'OPTIONAL' },
      { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
      { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
      { name: 'label', type: 'INT32', repetition_type: 'REQUIRED' },
    ],
    columnData: [
      { name: 'image', data: image },
      { name: 'label', data: [1, 2, 3, 4] },
    ],
    rowGroupSize: 3,
  });
  const { captions, failures, record } = await captionsOf(file);
  expect(captions).toEqual({
    [`${file}#0.jpg`]: textOf(jpeg),
    [`${file}#1.png`]: textOf(png),
    [folder.path('beside.jpg')]: textOf(other),
  });
  expect(failures).toEqual([`${file}#3`]);
  await writeTable(record, folder.path('out.tar'), 'tar', [file]);
  const names: string[] = [];
  for await (const { name } of readTar(folder.path('out.tar'), 1e6)) names.push(name);
  expect(names.filter((name) => !/txt$|json$/.test(name))).toEqual(['000000000.jpg', '000000001.png', '000000002.jpg']);
});

it('reads a column of bytes, and one of paths and URLs by its name', async () => {
  const [one, two] = [await plainImage('jpeg', 1), await plainImage('jpeg', 2)];
  await writeFile(folder.path('one.jpg'), one);
  const server = createServer((_, response) => void response.end(two)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/two.jpg`;
  const file = folder.path('names.parquet');
  parquetWriteFile({
    filename: file,
    columnData: [
      { name: 'jpg', data: [one, two], type: 'BYTE_ARRAY' },
      { name: 'where', data: [folder.path('one.jpg'), url], type: 'STRING' },
    ],
  });
  try {
    expect(Object.values((await captionsOf(file)).captions).sort()).toEqual([textOf(one), textOf(two)].sort());
    const named = await captionsOf(file, 'where');
    expect(named.captions).toMatchObject({ [folder.path('one.jpg')]: textOf(one), [url]: textOf(two) });
  } finally {
    server.close();
  }
});

it('says what columns there are, and refuses what is not Parquet', async () => {
  const file = folder.path('a.parquet');
  parquetWriteFile({ filename: file, columnData: [{ name: 'label', data: ['cat'], type: 'STRING' }] });
  await expect(captionsOf(file)).rejects.toMatchObject({
    code: 'DATASET',
    message: expect.stringMatching(/: label\.$/),
  });
  await expect(captionsOf(file, 'photo')).rejects.toThrow(/no column "photo"/);
  await writeFile(file, gzipSync('not Parquet'));
  await expect(captionsOf(file)).rejects.toThrow(/not a Parquet file/);
});
