import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import {
  checkpointFiles,
  florenceFiles,
  loadPictures,
  recorded,
  recordedFlorence,
  type RecordedPicture,
} from './checkpoints.js';
import { freshFolder, startHub } from './support.js';

const SCRIPT = fileURLToPath(new URL('../../scripts/check-hub.mjs', import.meta.url));
const LONGEST = 12;

type Recorded = Pick<RecordedPicture, 'pixelValues' | 'features' | 'steps'> & { readonly greedy: string };

/** A work folder as `scripts/check-hub/reference.py` leaves it, of what is recorded of a tiny checkpoint. */
async function workFolder(pictures: readonly (readonly [string, Recorded])[], maxNewTokens: number): Promise<string> {
  const folder = await freshFolder();
  const images = [];
  for (const [name, { pixelValues, features, steps, greedy }] of pictures) {
    const { data, width, height } = loadPictures()[name]!;
    await sharp(data, { raw: { width, height, channels: 3 } })
      .png()
      .toFile(join(folder, `${name}.png`));
    const captions = { greedy, default: greedy };
    images.push({ file: `${name}.png`, pixelValues, features, steps, captions });
  }
  const reference = { transformers: '4.57', source: 'owner/original', maxNewTokens, images };
  await writeFile(join(folder, 'reference.json'), JSON.stringify(reference));
  return folder;
}

/** The rows that the script prints, by the kind of weights. */
async function rowsOf(id: string, folder: string, ...others: string[]): Promise<Record<string, string[]>> {
  const args = [SCRIPT, id, '--recorded', folder, ...others];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: process.env });
  expect(stdout).toContain(`${id}, compared with owner/original in transformers 4.57`);
  const rows = stdout.split('\n').filter((line) => line.startsWith('|'));
  const cells = rows.slice(2).map((line) => line.slice(2, -2).split(' | '));
  return Object.fromEntries(cells.map(([dtype = '', ...values]) => [dtype, values]));
}

test('check-hub compares each kind of weights with the reference', async () => {
  await startHub({ 'tiny/vit-gpt2': { files: checkpointFiles('vit') } });
  const pictures = Object.entries(recorded.checkpoints.vit!.pictures).slice(0, 2);
  const found = pictures.map(([name, picture]) => [name, { ...picture, greedy: picture.greedy[0]!.text }] as const);
  const rows = await rowsOf('tiny/vit-gpt2', await workFolder(found, LONGEST));
  expect(Object.keys(rows)).toEqual(['fp32', 'fp16', 'q8', 'int8', 'uint8', 'q4', 'q4f16', 'bnb4']);
  const [pixels, cosine, features, logits, tokens, greedy, byDefault] = rows.fp32!;
  expect(Number(pixels)).toBeLessThan(1e-5);
  expect(cosine).toBe('1.000000');
  expect(Number(features)).toBeLessThan(1e-4);
  expect(Number(logits)).toBeLessThan(1e-3);
  expect([tokens, greedy, byDefault]).toEqual(['100 %', '2 of 2', '2 of 2']);
  expect(Number(rows.q4![3])).toBeGreaterThan(1e-3); // 4 bits are not 32
  expect(Object.values(rows).map((row) => row.at(-1)!.trim())).toEqual(Array(8).fill('in two parts'));
});

test('check-hub knows Florence-2, and leaves out kinds that a checkpoint has not', async () => {
  await startHub({ 'tiny/florence-2': { files: florenceFiles() } });
  const [[name, { pixelValues, tasks }]] = Object.entries(recordedFlorence.pictures) as [
    [string, (typeof recordedFlorence.pictures)[string]],
  ];
  const { encoder: features, steps, searches } = tasks.short;
  const greedy = searches['1']![0]!.text;
  const folder = await workFolder([[name, { pixelValues, features, steps, greedy }]], 14);
  const rows = await rowsOf('tiny/florence-2', folder);
  expect(Object.keys(rows)).toEqual(['fp32', 'fp16', 'q8', 'q4']);
  expect(rows.fp32!.slice(4, 6)).toEqual(['100 %', '1 of 1']);
  expect(rows.fp32!.at(-1)!.trim()).toBe('in two parts');
});
