import { readFile, readdir, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { captionDataset, datasetImages } from '../../src/dataset/index.js';
import { countDataset } from '../../src/dataset/count.js';
import { readXmp } from '../../src/metadata/xmp.js';
import { describedJpeg, plainImage, xmpPacket, xmpProperty } from '../metadata/described-images.js';
import { FakeDatasetCaptioner, recordsOf, temporaryFolder, textOf } from './fixtures.js';

const folder = temporaryFolder();
const images = (): ReturnType<typeof datasetImages> => datasetImages([folder.path('')]);

it('writes captions into XMP files beside the images, which stay as they are', async () => {
  const image = await plainImage();
  await writeFile(folder.path('a.jpg'), image);
  await writeFile(folder.path('twin.jpg'), image);
  const captioner = new FakeDatasetCaptioner();
  await captionDataset(captioner, images(), { record: folder.path('out.jsonl'), xmp: true });
  const text = textOf(image);
  for (const name of ['a.jpg.xmp', 'twin.jpg.xmp']) {
    const found = readXmp(await readFile(folder.path(name), 'utf8'));
    expect(found).toEqual({ description: text, altText: `${text[0]!.toUpperCase()}${text.slice(1)}.` });
  }
  expect(await readFile(folder.path('a.jpg'))).toEqual(image);
  expect((await readdir(folder.path(''))).filter((name) => /tmp|new$/.test(name))).toEqual([]);
});

it('keeps what an XMP file has, its texts too', async () => {
  await writeFile(folder.path('a.jpg'), await plainImage());
  const mine = xmpPacket(xmpProperty('dc:description', { 'x-default': 'Mine' }) + '<dc:format>image/jpeg</dc:format>');
  await writeFile(folder.path('a.jpg.xmp'), mine);
  await captionDataset(new FakeDatasetCaptioner(), images(), { record: folder.path('out.jsonl'), xmp: true });
  const after = await readFile(folder.path('a.jpg.xmp'), 'utf8');
  expect(after).toContain('<dc:format>image/jpeg</dc:format>');
  expect(readXmp(after)).toEqual({ description: 'Mine', altText: expect.stringMatching(/^Text of/) });
});

it('leaves a file alone that is not XMP: that image fails, others and its twins with their own files do not', async () => {
  const image = await plainImage();
  for (const name of ['a.jpg', 'b.jpg']) await writeFile(folder.path(name), image);
  await writeFile(folder.path('a.jpg.xmp'), 'not XMP');
  const failures: string[] = [];
  const run = () =>
    captionDataset(new FakeDatasetCaptioner(), images(), {
      record: folder.path('out.jsonl'),
      xmp: true,
      onFailure: ({ image: name, error }) => void failures.push(`${name} ${String(error)}`),
    });
  const { failed } = await run();
  expect(failed).toBe(1);
  expect(failures[0]).toMatch(/a\.jpg Error: .*a\.jpg\.xmp is not an XMP file/);
  expect(await readFile(folder.path('a.jpg.xmp'), 'utf8')).toBe('not XMP');
  expect((await recordsOf(folder.path('out.jsonl'))).map(({ image: name }) => name)).toEqual([folder.path('b.jpg')]);
  expect(readXmp(await readFile(folder.path('b.jpg.xmp'), 'utf8')).description).toBe(textOf(image));
});

it('leaves out images that have a text in any of its places, in counting too', async () => {
  await writeFile(folder.path('plain.jpg'), await plainImage('jpeg', 1));
  await writeFile(folder.path('exif.jpg'), await describedJpeg({ exif: 'A cat' }, 2));
  await writeFile(folder.path('camera.jpg'), await describedJpeg({ exif: 'OLYMPUS DIGITAL CAMERA' }, 3));
  await writeFile(folder.path('xmp.jpg'), await plainImage('jpeg', 4));
  await writeFile(folder.path('xmp.jpg.xmp'), xmpPacket(xmpProperty('dc:description', { en: 'A dog' })));
  await writeFile(folder.path('text.jpg'), await plainImage('jpeg', 5));
  await writeFile(folder.path('text.txt'), 'A bird');
  const { signal } = new AbortController();
  expect(await countDataset(images(), { record: undefined, isOnlyMissing: true, signal })).toEqual({
    seen: 5,
    done: 3,
  });
  const record = folder.path('out.jsonl');
  const progress = await captionDataset(new FakeDatasetCaptioner(), images(), { record, onlyMissing: true });
  expect(progress).toMatchObject({ captioned: 2, skipped: 3 });
  const names = (await recordsOf(record)).map(({ image }) => image).sort();
  expect(names).toEqual([folder.path('camera.jpg'), folder.path('plain.jpg')]);
});
