import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ImageUnreadableError } from '../../src/core/index.js';
import { run } from '../../src/cli/run.js';
import { fakeIo, type FakeOptions, sentence, withConfidence } from './fake-io.js';

let folder: string;
const home = process.cwd();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'captioneer-formats-'));
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

/** `A picture of "a, b" & {c}` of every image; `bad.jpg` cannot be read. */
const caption: NonNullable<FakeOptions['caption']> = (image, options) => {
  if (typeof image === 'string' && image.includes('bad'))
    throw new ImageUnreadableError('bad.jpg', 'the image is cut short.');
  const result = sentence(image, options);
  const captions = result.captions.map((one) => ({ ...one, text: 'A picture of "a, b" & {c}.' }));
  return withConfidence({ ...result, ...captions[0]!, captions }, 0.25, 'review');
};

async function captioneer(...argv: string[]) {
  const { io, stdout, stderr, calls } = fakeIo({ caption });
  const code = await run(argv, io);
  return { code, stdout: stdout.text, stderr: stderr.text, captioned: calls.captioned.map(({ image }) => image) };
}

describe('--format', () => {
  test.each([
    ['csv', [], 'image,caption,confidence,assessment,error\na.jpg,"A picture of ""a, b"" & {c}.",0.2500,review,\n'],
    ['tsv', [], 'image\tcaption\tconfidence\tassessment\terror\na.jpg\tA picture of "a, b" & {c}.\t0.2500\treview\t\n'],
    ['markdown', [], '![A picture of "a, b" \\& \\{c\\}.](a.jpg)\n'],
    ['html', [], '<img src="a.jpg" alt="A picture of &quot;a, b&quot; &amp; &#123;c&#125;.">\n'],
    ['html', ['--alt'], '<img src="a.jpg" alt="&quot;a, b&quot; &amp; &#123;c&#125;.">\n'],
    [
      'csv',
      ['--alt'],
      'image,alt,confidence,needs_review,reasons,error\na.jpg,"""a, b"" & {c}.",0.2500,true,low-confidence,\n',
    ],
    ['text', ['--alt'], '? "a, b" & {c}.\n'],
  ])('%s %s', async (format, more, expected) => {
    expect(await captioneer('-q', '--format', format, ...more, 'a.jpg')).toMatchObject({ code: 0, stdout: expected });
  });

  test('JSON has the alternative text and its marks', async () => {
    const { stdout } = await captioneer('--format', 'json', '--alt', 'a.jpg');
    expect(JSON.parse(stdout)).toMatchObject({
      image: 'a.jpg',
      text: 'A picture of "a, b" & {c}.',
      alt: { text: '"a, b" & {c}.', needsReview: true, reasons: ['low-confidence'] },
    });
  });

  test('names with spaces, and images that fail', async () => {
    expect((await captioneer('-q', '--format', 'markdown', 'my photo.jpg')).stdout).toMatch(/\]\(<my photo\.jpg>\)\n$/);
    const { code, stdout } = await captioneer('-q', '--format', 'csv', 'bad.jpg', 'a.jpg');
    expect(code).toBe(1);
    expect(stdout.split('\n')[1]).toMatch(/^bad\.jpg,,,,bad\.jpg: the image is cut short\.$/);
  });
});

describe('--output and --resume', () => {
  test.each(['json', 'csv', 'tsv'])('%s: a second run completes the file', async (format) => {
    const args = ['-q', '--format', format, '-o', 'out', '--resume'];
    const first = await captioneer(...args, 'a, "1".jpg', 'bad.jpg', 'b.jpg');
    expect(first).toMatchObject({ code: 1, stdout: '' });
    const whole = readFileSync('out', 'utf8');
    // The process was killed in the middle of a line.
    writeFileSync('out', whole.slice(0, -7));
    const second = await captioneer(...args, 'a, "1".jpg', 'bad.jpg', 'b.jpg', 'c.jpg');
    expect(second.captioned).toEqual(['bad.jpg', 'b.jpg', 'c.jpg']);
    const lines = readFileSync('out', 'utf8').trimEnd().split('\n');
    const names = lines.map((line) => ['1', 'bad', 'b.jpg', 'c.jpg'].find((name) => line.slice(0, 30).includes(name)));
    expect(names.filter((name) => name !== undefined)).toEqual(['1', 'bad', 'b.jpg', 'c.jpg']);
  });

  test('a file that is there is not overwritten, and one of another kind is not completed', async () => {
    writeFileSync('out', 'mine\n');
    expect(await captioneer('-o', 'out', 'a.jpg')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^captioneer: --output: out is there already; give --resume/),
    });
    for (const format of ['csv', 'json']) {
      expect((await captioneer('--format', format, '-o', 'out', '--resume', 'a.jpg')).code).toBe(2);
    }
    expect(readFileSync('out', 'utf8')).toBe('mine\n');
  });

  test('a file that is not there is made', async () => {
    expect(await captioneer('-q', '-o', 'out.md', '--format', 'markdown', 'a.jpg')).toMatchObject({
      code: 0,
      stdout: '',
    });
    expect(readFileSync('out.md', 'utf8')).toMatch(/^!\[A picture/);
  });
});

test.each([
  [['--format', 'csv', '--json'], /^captioneer: --json: does not go together with --format/],
  [['--format', 'csv', '--stream'], /^captioneer: --stream: prints text/],
  [['--alt', '--stream'], /^captioneer: --stream: does not go together with --alt/],
  [['--resume'], /^captioneer: --resume: completes the file of --output/],
  [['--resume', '-o', 'x'], /^captioneer: --resume: needs --format json, csv, tsv/],
  [['--format', 'xml'], /^captioneer: .*--format.*Allowed choices are text, json/],
])('%j is an error of usage', async (args, message) => {
  const { code, stderr } = await captioneer(...args, 'a.jpg');
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
});
