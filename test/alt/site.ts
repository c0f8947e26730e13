import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '../../src/cli/run.js';
import { fakeIo, type FakeOptions, sentence } from '../cli/fake-io.js';
import { makeImage } from './make-image.js';

/** A site in a folder of its own, which is the working directory until `remove`. */
export async function makeSite(files: Readonly<Record<string, string>>, images: readonly string[]) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'captioneer-alt-')));
  const home = process.cwd();
  process.chdir(folder);
  const write = (path: string, content: string | Buffer): void => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  };
  for (const [path, content] of Object.entries(files)) write(path, content);
  for (const [index, path] of images.entries()) write(path, await makeImage(index * 40));
  return {
    folder,
    write,
    remove: (): void => {
      process.chdir(home);
      rmSync(folder, { recursive: true });
    },
  };
}

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly calls: ReturnType<typeof fakeIo>['calls'];
}

/** Runs the command with a captioner that knows each image by its bytes. */
export async function runAlt(argv: readonly string[], options: FakeOptions = {}): Promise<Ran> {
  const { io, stdout, stderr, calls } = fakeIo({ caption: captionOf, ...options });
  const code = await run(['alt', ...argv], io);
  return { code, stdout: stdout.text, stderr: stderr.text, calls };
}

/** A caption that depends on the image's bytes, with the confidence of a good one. */
export const captionOf: NonNullable<FakeOptions['caption']> = (image, options) => {
  const bytes = image as Uint8Array;
  const name = bytes.reduce((sum, byte) => (sum * 31 + byte) % 9973, 7);
  const result = sentence('x', options);
  const captions = result.captions.map((caption, rank) => ({
    ...caption,
    text: `A disc ${name} on a plain ground${rank === 0 ? '' : ` ${rank}`}.`,
    confidence: 0.8,
    assessment: 'confident' as const,
  }));
  return { ...result, ...captions[0]!, captions };
};
