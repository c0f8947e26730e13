import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { captioneer as start, type CommandOptions, type Ended } from './built-command.js';
import { makePictures } from './pictures.js';

/** The test's images show little: the model may be unsure of its captions. */
const SENTENCE = /^(\? )?\p{Lu}\P{Cc}+\.$|^\? nothing to describe$/u;

let folder: string;

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'captioneer-cli-')));
  await makePictures(folder);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function captioneer(args: readonly string[], options: Partial<CommandOptions> = {}): Promise<Ended> {
  return start(args, { cwd: folder, ...options });
}

function lines(text: string): string[] {
  expect(text.endsWith('\n')).toBe(true);
  return text.slice(0, -1).split('\n');
}

describe('the built command on pictures', () => {
  it('captions one picture', async () => {
    const { code, stdout, stderr } = await captioneer(['--quiet', 'good.jpg']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(lines(stdout)).toEqual([expect.stringMatching(SENTENCE)]);
  });

  it('captions a folder, a pattern and standard input in one go', async () => {
    const input = readFileSync(join(folder, 'good.png'));
    const { code, stdout, stderr } = await captioneer(['--quiet', '--recursive', 'album', 'goo?.*', '-'], { input });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const found = lines(stdout).map((line) => /^(.*?): (.*)$/.exec(line)?.slice(1));
    const names = ['album/inner/three.png', 'album/one.webp', 'album/two.jpg', 'good.jpg', 'good.png', '-'];
    expect(found).toEqual(names.map((name) => [name, expect.stringMatching(SENTENCE)]));
    // Lossless pictures with the same pixels, by whatever way they come, have the same caption.
    expect(found[5]?.[1]).toBe(found[4]?.[1]);
  });

  it('goes on after pictures that cannot be read', async () => {
    const args = ['--quiet', 'good.jpg', 'missing.jpg', 'empty.jpg', 'text.jpg', 'cut.jpg', 'good.png'];
    const { code, stdout, stderr } = await captioneer(args);
    expect(code).toBe(1);
    expect(lines(stdout).map((line) => line.split(': ')[0])).toEqual(['good.jpg', 'good.png']);
    expect(lines(stderr)).toEqual([
      expect.stringMatching(/^captioneer: missing\.jpg: the file does not exist/),
      expect.stringMatching(/^captioneer: empty\.jpg: the image is empty/),
      expect.stringMatching(/^captioneer: text\.jpg: this is text/),
      expect.stringMatching(/^captioneer: cut\.jpg: the image is cut short/),
    ]);
  });

  it('prints JSON Lines', async () => {
    const args = ['--json', '--num-beams', '2', '--num-captions', '2', 'good.jpg', 'missing.jpg'];
    const { code, stdout } = await captioneer(args);
    expect(code).toBe(1);
    const [result, failure, ...rest] = lines(stdout).map((line) => JSON.parse(line) as unknown);
    expect(rest).toEqual([]);
    expect(failure).toMatchObject({ image: 'missing.jpg', error: { code: 'IMAGE_UNREADABLE' } });
    const number = expect.any(Number) as number;
    const string = expect.any(String) as string;
    const caption = {
      text: expect.stringMatching(SENTENCE) as string,
      score: number,
      logProb: number,
      confidence: number,
      assessment: string,
      finishReason: expect.any(String) as string,
      statistics: expect.objectContaining({ meanLogProb: number }) as object,
      tokens: expect.arrayContaining([{ id: number, text: string, logProb: number }]) as unknown[],
    };
    const captions = [caption, caption];
    const timing = expect.objectContaining({ totalMs: number }) as object;
    expect(result).toEqual({ image: 'good.jpg', ...caption, captions, timing });
  });
});

describe('the built command on wrong command lines', () => {
  it.each([
    ['an unknown option', ['--foo', 'good.jpg'], 2, /^captioneer: unknown option '--foo'/],
    ['a value out of range', ['--num-beams', '0', 'good.jpg'], 2, /^captioneer: --num-beams: .* from 1 to 64, not "0"/],
    ['a model that is not there', ['--model', 'nowhere', 'good.jpg'], 3, /^captioneer: the model .* "nowhere"/],
    ['a value beyond the model', ['--max-length', '9999', 'good.jpg'], 2, /^captioneer: --max-length is 9999, /],
  ])('%s ends in one line', async (_what, args, code, message) => {
    const ended = await captioneer(args);
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(lines(ended.stderr)).toEqual([expect.stringMatching(message)]);
  });

  it('prints help without arguments', async () => {
    const { code, stdout, stderr } = await captioneer([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Usage: captioneer/);
  });
});

describe('the built command, quick answers', () => {
  it('prints the version without loading the runtime or the picture decoder', async () => {
    const spy = join(folder, 'spy.cjs');
    writeFileSync(
      spy,
      "process.on('exit', () => console.error(Object.keys(require('node:module')._cache).join('\\n')));",
    );
    const options = { env: { NODE_OPTIONS: `--require "${spy}"` } };
    const { code, stdout, stderr } = await captioneer(['--version'], options);
    const manifest = readFileSync(fileURLToPath(new URL('../../package.json', import.meta.url)), 'utf8');
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${(JSON.parse(manifest) as { version: string }).version}\n` });
    expect(stderr).toContain('spy.cjs'); // what the command itself is made of is in its own files
    expect(stderr).not.toMatch(/onnxruntime|sharp|cli-progress/);
  });
});

// Windows has no signals: there `kill` ends a process without asking it.
describe.skipIf(process.platform === 'win32')('the built command, ended early', () => {
  it('by Ctrl-C between pictures', async () => {
    const { code, killedBy, stdout, stderr } = await captioneer(Array<string>(200).fill('good.jpg'), {
      onFirstOutput: (child) => child.kill('SIGINT'),
    });
    expect({ code, killedBy, stderr }).toEqual({ code: 130, killedBy: null, stderr: '' });
    expect(lines(stdout).length).toBeLessThan(200);
  });

  it('by Ctrl-C while it waits for standard input', async () => {
    const { code, killedBy, stderr } = await captioneer(['good.jpg', '-'], {
      onFirstOutput: (child) => child.kill('SIGINT'),
    });
    expect({ code, killedBy, stderr }).toEqual({ code: 130, killedBy: null, stderr: '' });
  });

  it('by a reader who has seen enough', async () => {
    const { code, killedBy, stderr } = await captioneer(Array<string>(200).fill('good.jpg'), {
      onFirstOutput: (child) => child.stdout?.destroy(),
    });
    expect({ code, killedBy, stderr }).toEqual({ code: 0, killedBy: null, stderr: '' });
  });
});
