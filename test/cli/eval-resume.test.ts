import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LoggedCaption } from '../../src/cli/eval/caption-log.js';
import type { EvalReport } from '../../src/cli/eval/measure-bias.js';
import { picture } from '../captioner/pictures.js';
import { captioneer } from './built-command.js';

const NAMES = Array.from({ length: 10 }, (_, i) => `${i}.png`);
let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'captioneer-resume-'));
  for (const name of NAMES) await copyFile(picture('astronaut'), at(name));
  const rows = NAMES.flatMap((name) => ['a woman smiles', 'a woman', 'she smiles'].map((text) => `${name}\t${text}`));
  await writeFile(at('references.tsv'), ['image\tcaption', ...rows].join('\n'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('captioneer eval, killed', () => {
  it('is resumed without loss, and without a caption twice', async () => {
    const args = ['eval', '--images', folder, '--references', at('references.tsv'), '--out', at('out')];
    const log = at('out/captions/default.jsonl');
    const rows = async (): Promise<string[]> =>
      (await readFile(log, 'utf8').catch(() => '')).split('\n').filter((row) => row !== '');
    const killed = await captioneer(args, {
      cwd: folder,
      onStart: async (child) => {
        while ((await rows()).length < 1) await new Promise((resolve) => setTimeout(resolve, 5));
        child.kill('SIGKILL');
      },
    });
    expect(killed.killedBy).toBe('SIGKILL');
    const before = await rows();
    expect(before.length).toBeGreaterThanOrEqual(1);
    expect(before.length).toBeLessThan(NAMES.length);
    // As if it had been killed in the middle of a line.
    await writeFile(log, `${before.join('\n')}\n{"image":"4.png","capt`);

    const resumed = await captioneer([...args, '--samples', '100'], { cwd: folder });
    expect(resumed.stderr).toMatch(new RegExp(`default: ${NAMES.length - before.length} images in`));
    expect(resumed.code).toBe(0);
    const after = await rows();
    expect(after.slice(0, before.length)).toEqual(before);
    const logged = after.map((row) => JSON.parse(row) as LoggedCaption);
    expect(logged.map(({ image }) => image)).toEqual(NAMES);
    // One image, whoever captioned it.
    expect(new Set(logged.map(({ caption, genderEvidence }) => JSON.stringify([caption, genderEvidence]))).size).toBe(
      1,
    );
    const report = JSON.parse(await readFile(at('out/report.json'), 'utf8')) as EvalReport;
    expect(report.imageCount).toBe(NAMES.length);
    expect(report.systems[0]!.bias!.curve!.images).toBe(NAMES.length);
  });
});
