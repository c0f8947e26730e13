import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/run.js';
import type { OpenModelOptions } from '../../src/index.js';
import { fakeIo, sentence, TextStream } from './fake-io.js';

/** What a terminal shows after a text, line by line, for the control sequences that a progress bar uses. */
function shown(text: string): string[] {
  const lines = [''];
  let column = 0;
  // eslint-disable-next-line no-control-regex
  for (const [part, position, erase] of text.matchAll(/\u001b\[(\d+)G|\u001b\[([012]?)K|[^]/g)) {
    const line = lines.at(-1) ?? '';
    if (position !== undefined) column = Number(position) - 1;
    else if (erase === '2') lines[lines.length - 1] = '';
    else if (erase !== undefined) lines[lines.length - 1] = line.slice(0, column);
    else if (part === '\n') column = lines.push('') * 0;
    else {
      lines[lines.length - 1] = line.slice(0, column).padEnd(column) + part + line.slice(column + 1);
      column += 1;
    }
  }
  return lines;
}

const DOWNLOADS = [
  ['onnx/a.onnx', 1_000_000, 4_000_000],
  ['onnx/a.onnx', 4_000_000, 4_000_000],
  ['b.onnx', 2_000_000, undefined],
] as const;

describe('the progress bar', () => {
  it('makes way for lines on the same terminal and leaves nothing behind', async () => {
    const terminal = new TextStream(80);
    const snapshots: string[][] = [];
    const { io } = fakeIo({
      stdout: terminal,
      stderr: terminal,
      caption: (image) => {
        snapshots.push(shown(terminal.text));
        return image === 'b.jpg' ? Promise.reject(new Error('odd')) : sentence(image);
      },
    });
    expect(await run(['a.jpg', 'b.jpg', 'c.jpg'], io)).toBe(1);
    expect(shown(terminal.text)).toEqual([
      'a.jpg: This is a.jpg.',
      'captioneer: b.jpg: odd',
      'c.jpg: This is c.jpg.',
      '',
    ]);
    expect(snapshots[0]).toEqual([expect.stringMatching(/^0\/3 pictures \[-{24}\]$/)]);
    expect(snapshots[2]).toEqual([
      'a.jpg: This is a.jpg.',
      'captioneer: b.jpg: odd',
      expect.stringMatching(/^[12]\/3 pictures \[=+-+\] \S+ left$/),
    ]);
  });

  it('tells how far a download is, file by file', async () => {
    const terminal = new TextStream(80);
    const snapshots: string[] = [];
    const load = async (_model: unknown, { progress }: OpenModelOptions): Promise<void> => {
      for (const [file, loadedBytes, totalBytes] of DOWNLOADS) {
        progress?.({ file, loadedBytes, totalBytes });
        await sleep(150); // it is drawn ten times a second
        snapshots.push(shown(terminal.text).join());
      }
    };
    expect(await run(['a.jpg'], fakeIo({ stderr: terminal, load }).io)).toBe(0);
    expect(snapshots[0]).toMatch(/^1\/4 MB of onnx\/a\.onnx \[/);
    expect(snapshots[1]).toMatch(/^4\/4 MB of onnx\/a\.onnx \[={24}\]/);
    expect(snapshots[2]).toMatch(/^2 MB of b\.onnx$/);
    expect(shown(terminal.text)).toEqual(['']);
  });

  it('never wraps on a narrow terminal', async () => {
    const terminal = new TextStream(20);
    let longest = 0;
    const caption = (image: unknown) => {
      longest = Math.max(longest, ...shown(terminal.text).map((line) => line.length));
      return sentence(String(image));
    };
    await run(['a', 'b'], fakeIo({ stderr: terminal, caption }).io);
    expect(longest).toBe(19);
  });

  it('is taken away before the last word', async () => {
    const terminal = new TextStream(80);
    const { io } = fakeIo({ stderr: terminal, loadError: new Error('no model') });
    expect(await run(['a.jpg', 'b.jpg'], io)).toBe(3);
    expect(shown(terminal.text)).toEqual(['captioneer: the model cannot be loaded: no model', '']);
  });

  it.each([
    ['for one picture', ['a.jpg'], 80],
    ['with --quiet', ['--quiet', 'a.jpg', 'b.jpg'], 80],
    ['where standard error is no terminal', ['a.jpg', 'b.jpg'], undefined],
  ])('is not there %s', async (_when, argv, columns) => {
    const stderr = new TextStream(columns);
    expect(await run(argv, fakeIo({ stderr }).io)).toBe(0);
    expect(stderr.text).toBe('');
  });
});
