import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageCaption } from '../../evaluation/index.js';
import { UsageError } from '../console/usage-error.js';

/**
 * What one model has said so far, in a file that grows line by line: an interrupted run goes on where it was. Beside it stands
 * which settings it was made with.
 */
export class CaptionLog {
  readonly #path: string;
  /** Captions by image. */
  readonly captions: Map<string, string>;

  private constructor(path: string, captions: Map<string, string>) {
    this.#path = path;
    this.captions = captions;
  }

  /**
   * Opens a model's file, or begins it.
   *
   * @param settings what the captions depend on
   * @throws UsageError if the file was made with other settings
   */
  static async open(folder: string, name: string, settings: object): Promise<CaptionLog> {
    await mkdir(folder, { recursive: true });
    const path = join(folder, `${safeName(name)}.jsonl`);
    const described = `${JSON.stringify({ system: name, ...settings }, null, 2)}\n`;
    const before = await readIfThere(join(folder, `${safeName(name)}.settings.json`));
    const text = await readIfThere(path);
    if (before !== undefined && before !== described && text !== undefined) {
      throw new UsageError(`${path} was made with other settings; give another --out, or remove that file`);
    }
    await writeFile(join(folder, `${safeName(name)}.settings.json`), described);
    const captions = new Map(whole(text ?? '').map(({ image, caption }) => [image, caption]));
    // A line that was cut short is written again.
    await writeFile(`${path}.new`, [...captions].map(([image, caption]) => line({ image, caption })).join(''));
    await rename(`${path}.new`, path);
    return new CaptionLog(path, captions);
  }

  /** Adds a caption and writes it. */
  async add(caption: ImageCaption): Promise<void> {
    this.captions.set(caption.image, caption.caption);
    await appendFile(this.#path, line(caption));
  }
}

const line = (caption: ImageCaption): string => `${JSON.stringify(caption)}\n`;

function whole(text: string): ImageCaption[] {
  return text.split('\n').flatMap((row) => {
    try {
      const { image, caption } = JSON.parse(row) as Partial<ImageCaption>;
      return typeof image === 'string' && typeof caption === 'string' ? [{ image, caption }] : [];
    } catch {
      return [];
    }
  });
}

async function readIfThere(path: string): Promise<string | undefined> {
  return await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
}

/** A file's name of a system's; names that lose letters stay apart. */
function safeName(name: string): string {
  const safe = name.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 80);
  if (safe === name && !safe.startsWith('.')) return safe;
  return `${safe.replace(/^\.+/, '')}-${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;
}
