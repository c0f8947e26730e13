import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expandInputs } from '../../src/cli/caption/expand-inputs.js';

const signal = new AbortController().signal;
const stdin = Readable.from([]);
let folder: string;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'captioneer-inputs-')));
  for (const name of ['sub/deep', 'empty', '.hidden']) mkdirSync(join(folder, name), { recursive: true });
  const files = [
    'b.jpg',
    'a.PNG',
    'c.webp',
    'notes.txt',
    '.d.jpg',
    'e[1].jpg',
    'sub/f.tiff',
    'sub/deep/g.avif',
    'z.gif',
  ];
  for (const name of [...files, '.hidden/h.jpg']) writeFileSync(join(folder, name), '');
  symlinkSync(join(folder, 'sub'), join(folder, 'link'));
  symlinkSync(join(folder, 'b.jpg'), join(folder, 'y.jpg'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The labels, with the test's folder left out; an error's code stands for a picture that is none. */
async function labels(inputs: string[], isRecursive = false): Promise<string[]> {
  const { pictures } = await expandInputs({ inputs, isRecursive }, { stdin, signal });
  return pictures.map((picture) => ('error' in picture ? picture.error.code : picture.label.replace(`${folder}/`, '')));
}

describe('folders', () => {
  const own = ['a.PNG', 'b.jpg', 'c.webp', 'e[1].jpg', 'y.jpg', 'z.gif'];

  it('give their picture files in the order of names', async () => {
    expect(await labels([folder])).toEqual(own);
    expect(await labels([`${folder}/`])).toEqual(own);
  });

  it('are searched to the bottom on demand, and links to folders are not followed', async () => {
    const inner = ['sub/deep/g.avif', 'sub/f.tiff'];
    expect(await labels([folder], true)).toEqual([...own.slice(0, 4), ...inner, ...own.slice(4)]);
  });

  it('without pictures are an error', async () => {
    expect(await labels([join(folder, 'empty')])).toEqual(['NO_PICTURES']);
    const { pictures } = await expandInputs({ inputs: [join(folder, 'empty')], isRecursive: false }, { stdin, signal });
    expect(pictures[0]).toMatchObject({ error: { message: expect.stringContaining('--recursive') as string } });
  });
});

describe('patterns', () => {
  it('give the picture files that match, in the order of names', async () => {
    expect(await labels([`${folder}/*`])).toEqual(['a.PNG', 'b.jpg', 'c.webp', 'e[1].jpg', 'y.jpg', 'z.gif']);
    expect(await labels([`${folder}/sub/**/*.{avif,tiff}`])).toEqual(['sub/deep/g.avif', 'sub/f.tiff']);
    expect(await labels([`${folder}/*/f.*`])).toEqual(['link/f.tiff', 'sub/f.tiff']);
    expect(await labels([`${folder}/?.jpg`])).toEqual(['b.jpg', 'y.jpg']);
  });

  it('come to an end where links go round in a circle', async () => {
    const loop = join(folder, 'empty', 'loop');
    symlinkSync(folder, loop);
    expect(await labels([`${folder}/**/f.tiff`])).toContain('sub/f.tiff');
    expect(await labels([folder], true)).not.toContain('empty/loop/b.jpg');
    rmSync(loop);
  });

  it('relative to the working directory stay relative', async () => {
    const { pictures } = await expandInputs(
      { inputs: ['package*.json', 'none-*'], isRecursive: false },
      { stdin, signal },
    );
    expect(pictures.map(({ label }) => label)).toEqual(['package*.json', 'none-*']);
    expect(await labels(['test/fixtures/no-such-*.png'])).toEqual(['NO_PICTURES']);
  });

  it('that are names of files are those files', async () => {
    expect(await labels([join(folder, 'e[1].jpg')])).toEqual(['e[1].jpg']);
  });
});

describe('single pictures', () => {
  it('are left to the library: files, missing or not, URLs, standard input', async () => {
    const inputs = [
      join(folder, 'notes.txt'),
      'missing.jpg',
      'https://example.com/a?b=*',
      'data:image/png;base64,AA==',
    ];
    const { pictures } = await expandInputs({ inputs: [...inputs, '-'], isRecursive: false }, { stdin, signal });
    expect(pictures).toEqual([
      ...inputs.map((input) => ({ label: input, source: input })),
      { label: '-', source: stdin },
    ]);
  });

  it('in long data URLs are called by the start of the URL', async () => {
    const source = `data:image/png;base64,${'A'.repeat(100)}`;
    const { pictures } = await expandInputs({ inputs: [source], isRecursive: false }, { stdin, signal });
    expect(pictures).toEqual([{ label: `data:image/png;base64,${'A'.repeat(38)}…`, source }]);
  });

  it('behind URLs of other kinds are an error, which tells no password', async () => {
    expect(await labels(['ftp://example.com/a.jpg'])).toEqual(['URL_NOT_FETCHED']);
    const inputs = ['https://me:secret@example.com/a.jpg'];
    const { pictures } = await expandInputs({ inputs, isRecursive: false }, { stdin, signal });
    expect(pictures).toEqual([
      { label: 'https://example.com/a.jpg', error: expect.objectContaining({ code: 'URL_NOT_FETCHED' }) as unknown },
    ]);
  });

  it.each([
    ['a file', ['a.jpg'], true],
    ['two files', ['a.jpg', 'b.jpg'], false],
    ['a pattern', ['*.none'], false],
    ['a folder', ['.'], false],
  ])('%s: told apart from several', async (_what, inputs, isOne) => {
    expect(await expandInputs({ inputs, isRecursive: false }, { stdin, signal })).toMatchObject({ isOne });
  });
});

it('stops where it is interrupted', async () => {
  const aborted = AbortSignal.abort();
  await expect(expandInputs({ inputs: [folder], isRecursive: true }, { stdin, signal: aborted })).rejects.toBe(
    aborted.reason,
  );
});
