import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { progressText } from '../../src/cli/dataset/dataset-reporter.js';
import { captioneer } from '../cli/built-command.js';
import { recordsOf, temporaryFolder } from './fixtures.js';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const CAT = fileURLToPath(new URL('../../docs/images/cat.jpg', import.meta.url));
const folder = temporaryFolder();
const NUM_IMAGES = 22;

/** Images that differ, one that is none, and one with the bytes of another. */
async function makePhotos(): Promise<void> {
  await mkdir(folder.path('photos/more'), { recursive: true });
  const cat = await sharp(CAT).resize(120).toBuffer();
  for (let index = 0; index < NUM_IMAGES; index += 1) {
    const place = folder.path(`photos/${index % 2 ? 'more/' : ''}${index}.jpg`);
    await writeFile(
      place,
      await sharp(cat)
        .rotate(index * 9)
        .jpeg()
        .toBuffer(),
    );
  }
  await writeFile(folder.path('photos/twin.jpg'), await readFile(folder.path('photos/0.jpg')));
  await writeFile(folder.path('photos/broken.jpg'), 'no image');
}

/** Runs the command, and kills it with SIGKILL once the record has so many more lines. @returns whether it came to its end */
async function runAndKill(args: readonly string[], record: string, afterLines: number): Promise<boolean> {
  const lines = async () => (await readFile(record, 'utf8').catch(() => '')).split('\n').length - 1;
  const before = await lines();
  const child = spawn(process.execPath, [MAIN, 'dataset', ...args], { cwd: folder.path(''), stdio: 'ignore' });
  let code: number | null | undefined;
  const ended = new Promise<void>((resolve) =>
    child.on('exit', (status) => {
      code = status;
      resolve();
    }),
  );
  while (code === undefined) {
    if ((await lines()) - before >= afterLines) child.kill('SIGKILL');
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 5))]);
  }
  return code !== null;
}

describe('captioneer dataset', () => {
  it('killed with SIGKILL again and again, it records each image once, with the captions of a run that was not killed', async () => {
    await makePhotos();
    const record = folder.path('out.jsonl');
    const args = ['photos', '-o', 'out.jsonl', '--workers', '1', '--batch-size', '2'];
    let kills = 0;
    while (!(await runAndKill(args, record, 6 + 3 * kills))) kills += 1;
    expect(kills).toBeGreaterThanOrEqual(2);
    const records = await recordsOf(record);
    const names = records.map(({ image }) => image);
    expect(new Set(names).size).toBe(NUM_IMAGES + 1);
    expect(names).toHaveLength(NUM_IMAGES + 1);
    expect(records.find(({ image }) => image === 'photos/twin.jpg')!.text).toBe(
      records.find(({ image }) => image === 'photos/0.jpg')!.text,
    );
    const [failure] = await recordsOf(`${record}.errors.jsonl`);
    expect(failure).toMatchObject({ image: 'photos/broken.jpg', error: { code: 'IMAGE_UNREADABLE' } });

    const whole = await captioneer(['dataset', 'photos', '-o', 'whole.csv', '--sidecar'], { cwd: folder.path('') });
    expect(whole).toMatchObject({ code: 1, stderr: '' });
    expect(whole.stdout).toBe(
      `whole.csv: ${NUM_IMAGES} captioned, 1 more with the same content as one of them, 1 failed (whole.csv.errors.jsonl).\n`,
    );
    const textByName = (all: Awaited<ReturnType<typeof recordsOf>>) =>
      Object.fromEntries(all.map(({ image, text }) => [image, text]));
    expect(textByName(records)).toEqual(textByName(await recordsOf(folder.path('whole.csv.record.jsonl'))));
    expect((await readFile(folder.path('whole.csv'), 'utf8')).split('\r\n')).toHaveLength(NUM_IMAGES + 3);
    expect(await readFile(folder.path('photos/more/1.txt'), 'utf8')).toBe(
      `${textByName(records)['photos/more/1.jpg']}\n`,
    );
  });

  it('counts without a model, and refuses another output and other options', async () => {
    await mkdir(folder.path('photos'));
    await writeFile(folder.path('photos/a.jpg'), await readFile(CAT));
    const run = (...args: string[]) => captioneer(['dataset', ...args], { cwd: folder.path('') });
    expect(await run('photos', '-o', 'out.csv', '--dry-run', '--model', 'nowhere')).toEqual({
      code: 0,
      killedBy: null,
      stdout: '1 image: 0 done, 1 to caption. Nothing was written.\n',
      stderr: '',
    });
    expect(await run('photos', '-o', 'out.xlsx')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/.parquet or .tar/),
    });
    await run('photos', '-o', 'out.jsonl', '--workers', '1');
    const other = await run('photos', '-o', 'out.jsonl', '--num-beams', '1', '--workers', '1');
    expect(other.code).toBe(1);
    expect(other.stderr).toMatch(/other options.*--overwrite/);
    expect((await run('nowhere', '-o', 'new.jsonl', '--workers', '1')).stderr).toMatch(/no such file or folder/);
  });

  it('tells how far it has come, from what this run has done', () => {
    const counts = { seen: 130, skipped: 100, captioned: 20, duplicates: 5, failed: 3 };
    expect(progressText(counts, 408, 14_000)).toBe(
      '128/408 images, 3 failed, 2.0 a second, 140 s left'.replace('140 s', '2 min'),
    );
    expect(progressText({ ...counts, failed: 0 }, undefined, 5000)).toBe('125 images, 5.0 a second');
  });
});
