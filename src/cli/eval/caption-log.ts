import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileWhole } from '../../adapters/node/files/write-file-whole.js';
import type { GenderEvidence } from '../../bias/index.js';
import { UsageError } from '../console/usage-error.js';

/** What a model says of one image. */
export interface LoggedCaption {
  /** The image's name in the references. */
  readonly image: string;
  readonly caption: string;
  /** How long it took, in milliseconds, without the gathering of evidence. Logs of version 0.2.0 do not have it. */
  readonly ms?: number;
  /** Only of images with a label, and if the model writes English. */
  readonly genderEvidence?: GenderEvidence;
}

/**
 * The captions of one model, in a file that grows line by line, so that an interrupted run can be resumed. The settings that they
 * were made with are in a file beside it.
 */
export class CaptionLog {
  readonly #path: string;
  /** By image. */
  readonly captions: Map<string, LoggedCaption>;

  private constructor(path: string, captions: Map<string, LoggedCaption>) {
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
    const path = join(folder, `${logName(name)}.jsonl`);
    const settingsPath = join(folder, `${logName(name)}.settings.json`);
    const described = `${JSON.stringify({ system: name, ...settings }, null, 2)}\n`;
    const before = await readIfThere(settingsPath);
    const text = await readIfThere(path);
    if (before !== undefined && before !== described && text !== undefined) {
      throw new UsageError(`${path} was made with other settings; give another --out, or remove that file`);
    }
    await writeFile(settingsPath, described);
    const captions = new Map(completeRows(text ?? '').map((row) => [row.image, row]));
    // A line that was cut short by the end of the process is dropped: its image is captioned again.
    await writeFileWhole(path, [...captions.values()].map(line).join(''));
    return new CaptionLog(path, captions);
  }

  /** Adds a caption and writes it. One of the same image is replaced. */
  async add(caption: LoggedCaption): Promise<void> {
    this.captions.set(caption.image, caption);
    await appendFile(this.#path, line(caption));
  }
}

const line = (caption: LoggedCaption): string => `${JSON.stringify(caption)}\n`;

function completeRows(text: string): LoggedCaption[] {
  return text.split('\n').flatMap((row) => {
    try {
      const logged = JSON.parse(row) as Partial<LoggedCaption>;
      const { image, caption } = logged;
      return typeof image === 'string' && typeof caption === 'string' ? [{ ...logged, image, caption }] : [];
    } catch {
      return [];
    }
  });
}

/** The text of a file; undefined if there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  return await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
}

/** A file name for a system's name. Names that lose characters get a hash, so that no two share a file. */
export function logName(name: string): string {
  const safe = name.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 80);
  if (safe === name && !safe.startsWith('.')) return safe;
  return `${safe.replace(/^\.+/, '')}-${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;
}
