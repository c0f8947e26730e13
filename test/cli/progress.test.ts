import { setTimeout as sleep } from 'node:timers/promises';
import xterm from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/run.js';
import type { LoadCaptionerOptions } from '../../src/cli/console/command-io.js';
import { fakeIo, sentence, TextStream } from './fake-io.js';

/** What a terminal of so many columns shows after a text, line by line, without empty lines at the end. */
async function shown(text: string, columns = 80): Promise<string[]> {
  const terminal = new xterm.Terminal({ cols: columns, rows: 30, convertEol: true, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(text, resolve));
  const { active } = terminal.buffer;
  const lines = Array.from(
    { length: active.cursorY + 1 },
    (_, row) => active.getLine(row)?.translateToString(true) ?? '',
  );
  terminal.dispose();
  return lines.join('\n').trimEnd().split('\n');
}

const DOWNLOADS = [
  ['onnx/a.onnx', 1_000_000, 4_000_000],
  ['onnx/a.onnx', 4_000_000, 4_000_000],
  ['b.onnx', 2_000_000, undefined],
] as const;

describe('the progress bar', () => {
  it('makes way for lines on the same terminal and leaves nothing behind', async () => {
    const terminal = new TextStream(80);
    const snapshots: Promise<string[]>[] = [];
    const { io } = fakeIo({
      stdout: terminal,
      stderr: terminal,
      caption: (image) => {
        snapshots.push(shown(terminal.text));
        return image === 'b.jpg' ? Promise.reject(new Error('odd')) : sentence(image);
      },
    });
    expect(await run(['a.jpg', 'b.jpg', 'c.jpg'], io)).toBe(1);
    expect(await shown(terminal.text)).toEqual([
      'a.jpg: This is a.jpg.',
      'captioneer: b.jpg: odd',
      'c.jpg: This is c.jpg.',
    ]);
    expect(await snapshots[0]).toEqual([expect.stringMatching(/^0\/3 images \[-{24}\]$/)]);
    expect(await snapshots[2]).toEqual([
      'a.jpg: This is a.jpg.',
      'captioneer: b.jpg: odd',
      expect.stringMatching(/^[12]\/3 images \[=+-+\] \S+ left$/),
    ]);
  });

  it('tells how far a download is, file by file', async () => {
    const terminal = new TextStream(80);
    const snapshots: string[] = [];
    const load = async (_model: unknown, { progress }: LoadCaptionerOptions): Promise<void> => {
      for (const [file, loadedBytes, totalBytes] of DOWNLOADS) {
        progress?.({ file, loadedBytes, totalBytes });
        await sleep(150); // it is drawn ten times a second
        snapshots.push((await shown(terminal.text)).join());
      }
    };
    expect(await run(['a.jpg'], fakeIo({ stderr: terminal, load }).io)).toBe(0);
    expect(snapshots[0]).toMatch(/^1\/4 MB of onnx\/a\.onnx \[/);
    expect(snapshots[1]).toMatch(/^4\/4 MB of onnx\/a\.onnx \[={24}\]/);
    expect(snapshots[2]).toMatch(/^2 MB of b\.onnx$/);
    expect(await shown(terminal.text)).toEqual(['']);
  });

  it('never wraps on a narrow terminal', async () => {
    const terminal = new TextStream(20);
    const snapshots: Promise<string[]>[] = [];
    const caption = (image: unknown) => {
      snapshots.push(shown(terminal.text, 20));
      return sentence(String(image));
    };
    await run(['a', 'b'], fakeIo({ stderr: terminal, caption }).io);
    expect(await snapshots[0]).toEqual(['0/2 images [-------']);
    expect(await snapshots[1]).toHaveLength(1);
  });

  it('is taken away before the last word', async () => {
    const terminal = new TextStream(80);
    const { io } = fakeIo({ stderr: terminal, loadError: new Error('no model') });
    expect(await run(['a.jpg', 'b.jpg'], io)).toBe(3);
    expect(await shown(terminal.text)).toEqual(['captioneer: the model cannot be loaded: no model']);
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
