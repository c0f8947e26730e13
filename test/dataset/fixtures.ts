import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { ImageUnreadableError, type CaptionAllOptions } from '../../src/index.js';
import type { DatasetCaptioner, DatasetImage, DatasetRecord } from '../../src/dataset/index.js';

/** A captioner whose text tells the bytes; those that begin with 0 are no image. */
export class FakeDatasetCaptioner implements DatasetCaptioner {
  readonly manifest = { name: 'fake', image: { width: 224, height: 224 } } as never;
  readonly captioned: string[] = [];

  async *captionAll(images: AsyncIterable<Uint8Array>, { signal }: CaptionAllOptions) {
    let index = 0;
    for await (const source of images) {
      signal?.throwIfAborted();
      if (source[0] === 0) {
        yield {
          status: 'rejected' as const,
          reason: new ImageUnreadableError('Uint8Array', 'Uint8Array: no image'),
          index: index++,
          source,
        };
        continue;
      }
      const text = textOf(source);
      this.captioned.push(text);
      yield { status: 'fulfilled' as const, value: { text, confidence: 0.5 } as never, index: index++, source };
    }
  }
}

export const textOf = (bytes: Uint8Array): string =>
  `text of ${createHash('sha256').update(bytes).digest('hex').slice(0, 8)}`;

export const image = (name: string, bytes: readonly number[]): DatasetImage => ({
  name,
  read: () => Promise.resolve(new Uint8Array(bytes)),
});

export async function recordsOf(path: string): Promise<DatasetRecord[]> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as DatasetRecord);
}

/** A folder for each test. */
export function temporaryFolder(): { readonly path: (name: string) => string } {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'captioneer-dataset-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  return { path: (name) => join(folder, name) };
}
