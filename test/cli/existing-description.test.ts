import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../../src/cli/run.js';
import { describedJpeg, plainImage, xmpPacket, xmpProperty } from '../metadata/described-images.js';
import { fakeIo } from './fake-io.js';

let folder: string;
let described: Buffer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'captioneer-existing-'));
  described = await describedJpeg({ iptc: 'A cat at home' });
  const alt = xmpPacket(xmpProperty('Iptc4xmpCore:AltTextAccessibility', { 'x-default': 'A cat.' }));
  writeFileSync(join(folder, 'described.jpg'), described);
  writeFileSync(join(folder, 'plain.jpg'), await plainImage());
  writeFileSync(join(folder, 'sidecar.jpg'), await plainImage());
  writeFileSync(join(folder, 'sidecar.jpg.xmp'), alt);
  writeFileSync(join(folder, 'lightroom.jpg'), await plainImage());
  writeFileSync(join(folder, 'lightroom.xmp'), alt);
});

afterAll(() => rmSync(folder, { recursive: true }));

it('tells in JSON what an image file says of its image', async () => {
  const { io, stdout } = fakeIo();
  expect(await run(['--json', folder], io)).toBe(0);
  const lines = stdout.lines.map((line) => JSON.parse(line) as { image: string; existing?: object; text: string });
  expect(lines.map(({ image, existing }) => [image.slice(folder.length + 1), existing])).toEqual([
    ['described.jpg', { description: 'A cat at home', descriptionField: 'IPTC Caption-Abstract' }],
    ['lightroom.jpg', { altText: 'A cat.' }],
    ['plain.jpg', undefined],
    ['sidecar.jpg', { altText: 'A cat.' }],
  ]);
  expect(lines.every(({ text }) => text !== '')).toBe(true);
});

it('leaves images alone that have a description, if asked', async () => {
  const { io, stdout, stderr, calls } = fakeIo();
  expect(await run(['--only-missing', folder], io)).toBe(0);
  expect(calls.captioned).toHaveLength(1);
  expect(stdout.lines).toHaveLength(1);
  expect(stdout.text).toContain('plain.jpg: ');
  expect(stderr.text).toBe('captioneer: 3 of 4 images have a description already, and were left out.\n');
});

it('reads standard input once, for both', async () => {
  const { io, stdout, calls } = fakeIo({ stdin: Readable.from([described.subarray(0, 50), described.subarray(50)]) });
  expect(await run(['--json', '-'], io)).toBe(0);
  expect(JSON.parse(stdout.text)).toMatchObject({ image: '-', existing: { description: 'A cat at home' } });
  expect(Buffer.from(await (calls.captioned[0]!.image as Blob).arrayBuffer())).toEqual(described);
});

it('leaves the error of a file that is not there to the captioner', async () => {
  const { io, calls } = fakeIo();
  expect(await run(['--json', join(folder, 'none.jpg')], io)).toBe(0);
  expect(calls.captioned[0]!.image).toBe(join(folder, 'none.jpg'));
});
