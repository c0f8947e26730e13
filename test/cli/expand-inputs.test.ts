import { execFileSync } from 'node:child_process';
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

/** The labels, with the test's folder left out; an error's code stands for a image that is none. */
async function labels(inputs: string[], isRecursive = false): Promise<string[]> {
  const { images } = await expandInputs({ inputs, isRecursive }, { stdin, signal });
  return images.map((image) => ('error' in image ? image.error.code : image.label.replace(`${folder}/`, '')));
}

describe('folders', () => {
  const own = ['a.PNG', 'b.jpg', 'c.webp', 'e[1].jpg', 'y.jpg', 'z.gif'];

  it('give their image files in the order of names', async () => {
    expect(await labels([folder])).toEqual(own);
    expect(await labels([`${folder}/`])).toEqual(own);
  });

  it('are searched to the bottom on demand, and links to folders are not followed', async () => {
    const inner = ['sub/deep/g.avif', 'sub/f.tiff'];
    expect(await labels([folder], true)).toEqual([...own.slice(0, 4), ...inner, ...own.slice(4)]);
  });

  it('without images are an error', async () => {
    expect(await labels([join(folder, 'empty')])).toEqual(['NO_IMAGES']);
    const { images } = await expandInputs({ inputs: [join(folder, 'empty')], isRecursive: false }, { stdin, signal });
    expect(images[0]).toMatchObject({ error: { message: expect.stringContaining('--recursive') as string } });
  });
});

describe('patterns', () => {
  it('give the image files that match, in the order of names', async () => {
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
    const { images } = await expandInputs(
      { inputs: ['package*.json', 'none-*'], isRecursive: false },
      { stdin, signal },
    );
    expect(images.map(({ label }) => label)).toEqual(['package*.json', 'none-*']);
    expect(await labels(['test/fixtures/no-such-*.png'])).toEqual(['NO_IMAGES']);
  });

  it('that are names of files are those files', async () => {
    expect(await labels([join(folder, 'e[1].jpg')])).toEqual(['e[1].jpg']);
  });
});

describe('single images', () => {
  it('are left to the library: files, missing or not, URLs, standard input', async () => {
    const inputs = [
      join(folder, 'notes.txt'),
      'missing.jpg',
      'https://example.com/a?b=*',
      'data:image/png;base64,AA==',
    ];
    const { images } = await expandInputs({ inputs: [...inputs, '-'], isRecursive: false }, { stdin, signal });
    expect(images).toEqual([
      ...inputs.map((input) => ({ label: input, source: input })),
      { label: '-', source: stdin },
    ]);
  });

  it('in long data URLs are called by the start of the URL', async () => {
    const source = `data:image/png;base64,${'A'.repeat(100)}`;
    const { images } = await expandInputs({ inputs: [source], isRecursive: false }, { stdin, signal });
    expect(images).toEqual([{ label: `data:image/png;base64,${'A'.repeat(38)}…`, source }]);
  });

  it('behind URLs of other kinds are an error, which tells no password', async () => {
    expect(await labels(['ftp://example.com/a.jpg'])).toEqual(['URL_NOT_FETCHED']);
    const inputs = ['https://me:secret@example.com/a.jpg'];
    const { images } = await expandInputs({ inputs, isRecursive: false }, { stdin, signal });
    expect(images).toEqual([
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

describe('names with characters that patterns and URLs have', () => {
  let odd: string;
  beforeAll(() => {
    odd = join(folder, 'empty', 'odd');
    for (const name of ['Trip (2024)', 'a[1]!', '!b']) mkdirSync(join(odd, name), { recursive: true });
    for (const name of ['Trip (2024)/IMG (1).jpg', 'Trip (2024)/!x.jpg', 'a[1]!/y.jpg', '!b/z.jpg', 'data:x.jpg']) {
      writeFileSync(join(odd, name), '');
    }
  });
  afterAll(() => {
    rmSync(odd, { recursive: true });
  });

  it.each([
    ['Trip (2024)/*.jpg', ['Trip (2024)/!x.jpg', 'Trip (2024)/IMG (1).jpg']],
    ['*/IMG (?).jpg', ['Trip (2024)/IMG (1).jpg']],
    ['*/!*.jpg', ['Trip (2024)/!x.jpg']],
    ['a[1]!/*.jpg', ['a[1]!/y.jpg']],
    ['!b/*', ['!b/z.jpg']],
    ['{!b,a*}/*', ['!b/z.jpg', 'a[1]!/y.jpg']],
  ])('%s', async (pattern, expected) => {
    expect(await labels([`${odd}/${pattern}`])).toEqual(expected.map((name) => `empty/odd/${name}`));
  });

  it('a pattern from the working directory, and one that begins with an exclamation mark', async () => {
    const before = process.cwd();
    process.chdir(odd);
    try {
      expect(await labels(['!b/*.jpg', './Trip (2024)/I*', 'Trip (2024)/I*'])).toEqual([
        '!b/z.jpg',
        './Trip (2024)/IMG (1).jpg',
        'Trip (2024)/IMG (1).jpg',
      ]);
      const { images } = await expandInputs({ inputs: ['data:x.jpg', '.'], isRecursive: false }, { stdin, signal });
      expect(images).toEqual([
        { label: 'data:x.jpg', source: './data:x.jpg' },
        { label: './data:x.jpg', source: './data:x.jpg' },
      ]);
    } finally {
      process.chdir(before);
    }
  });
});

describe('what has the name of an image', () => {
  let kinds: string;
  beforeAll(() => {
    kinds = join(folder, 'empty', 'kinds');
    mkdirSync(kinds);
  });
  afterAll(() => {
    rmSync(kinds, { recursive: true });
  });

  it('of a format that is not decoded is not left out', async () => {
    const names = ['a.HEIC', 'b.jxl', 'c.bmp', 'd.dng', 'e.psd', 'f.jp2', 'g.svg', 'h.CR2', 'i.heif', 'j.nef'];
    for (const name of names) writeFileSync(join(kinds, name), '');
    expect(await labels([kinds])).toEqual(names.map((name) => `empty/kinds/${name}`));
    expect(await labels([`${kinds}/*`])).toEqual(names.map((name) => `empty/kinds/${name}`));
    for (const name of names) rmSync(join(kinds, name));
  });

  it.skipIf(process.platform === 'win32')(
    'and is a pipe or a device is an error, in folders and patterns',
    async () => {
      execFileSync('mkfifo', [join(kinds, 'a.jpg')]);
      symlinkSync('/dev/zero', join(kinds, 'b.jpg'));
      symlinkSync(join(kinds, 'none'), join(kinds, 'c.jpg'));
      symlinkSync(folder, join(kinds, 'd.jpg'));
      expect(await labels([kinds])).toEqual(['NOT_REGULAR', 'NOT_REGULAR', 'empty/kinds/c.jpg']);
      expect(await labels([`${kinds}/*`])).toEqual(['NOT_REGULAR']);
      expect(await labels([join(kinds, 'a.jpg')])).toEqual(['empty/kinds/a.jpg']);
      for (const name of ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg']) rmSync(join(kinds, name));
    },
  );

  it.skipIf(process.platform !== 'linux')('that is not UTF-8 is found in every way', async () => {
    const path = Buffer.concat([Buffer.from(`${kinds}/caf`), Buffer.from([0xe9]), Buffer.from('.jpg')]);
    writeFileSync(path, '');
    const lossy = `${kinds}/caf\uFFFD.jpg`;
    for (const input of [kinds, `${kinds}/*.jpg`, lossy]) {
      const { images } = await expandInputs({ inputs: [input], isRecursive: false }, { stdin, signal });
      expect(images).toEqual([{ label: lossy, source: `file://${kinds}/caf%E9.jpg` }]);
    }
    rmSync(path);
  });
});

describe('a list of names', () => {
  async function listed(content: string | Buffer, filesFrom = '-'): Promise<unknown[]> {
    const given = { inputs: [], isRecursive: false, filesFrom };
    const { images, isOne } = await expandInputs(given, { stdin: Readable.from([Buffer.from(content)]), signal });
    expect(isOne).toBe(false);
    return images.map((image) => ('error' in image ? image.error.code : image.source));
  }

  it('has one a line; they are no patterns', async () => {
    expect(await listed('a.jpg\n\nb *.jpg\r\nhttps://example.com/c.jpg\nlast.jpg')).toEqual([
      'a.jpg',
      'b *.jpg',
      'https://example.com/c.jpg',
      'last.jpg',
    ]);
  });

  it('may have NUL between them, and then line breaks in them', async () => {
    expect(await listed('a\nb.jpg\0c.jpg\0')).toEqual(['a\nb.jpg', 'c.jpg']);
  });

  it('may have folders, and names that are not UTF-8', async () => {
    expect(await listed(`${join(folder, 'sub')}\n`)).toEqual([join(folder, 'sub/f.tiff')]);
    expect(await listed(Buffer.concat([Buffer.from('/none/'), Buffer.from([0xe9])]))).toEqual(['file:///none/%E9']);
  });

  it('may be a file; one that is missing is an error of usage', async () => {
    const path = join(folder, 'notes.txt');
    writeFileSync(path, 'x.jpg\n');
    expect(await listed('', path)).toEqual(['x.jpg']);
    await expect(listed('', join(folder, 'no-list'))).rejects.toThrow(
      /--files-from: .*no-list cannot be read \(ENOENT\)/,
    );
  });
});

it('stops where it is interrupted', async () => {
  const aborted = AbortSignal.abort();
  await expect(expandInputs({ inputs: [folder], isRecursive: true }, { stdin, signal: aborted })).rejects.toBe(
    aborted.reason,
  );
});
