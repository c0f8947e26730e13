import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeFileWhole } from '../../adapters/node/files/write-file-whole.js';
import { UsageError } from '../console/usage-error.js';
import { readIfThere } from './caption-log.js';

/** What has a vector. */
export type VectorKind = 'image' | 'text';

/**
 * Vectors of an image-text model, in a file that grows line by line, so that a second run asks the model for new images and texts
 * only. It has the form that `--embeddings` reads.
 */
export class VectorLog {
  readonly #path: string;
  readonly #vectors: Readonly<Record<VectorKind, Map<string, Float32Array>>>;

  private constructor(path: string, vectors: Readonly<Record<VectorKind, Map<string, Float32Array>>>) {
    this.#path = path;
    this.#vectors = vectors;
  }

  /**
   * Opens the file of a model, or begins it.
   *
   * @param model names it, and where it came from
   * @throws UsageError if the file is of another model
   */
  static async open(path: string, model: { readonly model: string; readonly source: string }): Promise<VectorLog> {
    await mkdir(dirname(path), { recursive: true });
    const head = `${JSON.stringify(model)}\n`;
    const text = (await readIfThere(path)) ?? '';
    if (text !== '' && !text.startsWith(head)) {
      throw new UsageError(`${path} is of another model; give another --out, or remove that file`);
    }
    const vectors = { image: new Map<string, Float32Array>(), text: new Map<string, Float32Array>() };
    const rows = text.split('\n').slice(1);
    const whole = rows.filter((row) => take(row, vectors));
    // A line that was cut short by the end of the process is dropped: its vector is made again.
    await writeFileWhole(path, [head, ...whole.map((row) => `${row}\n`)].join(''));
    return new VectorLog(path, vectors);
  }

  get(kind: VectorKind, key: string): Float32Array | undefined {
    return this.#vectors[kind].get(key);
  }

  /** Adds a vector and writes it. */
  async add(kind: VectorKind, key: string, vector: Float32Array): Promise<Float32Array> {
    this.#vectors[kind].set(key, vector);
    // Nine digits give every float32 back.
    const embedding = Array.from(vector, (value) => Number(value.toPrecision(9)));
    await appendFile(this.#path, `${JSON.stringify({ [kind]: key, embedding })}\n`);
    return vector;
  }
}

/** Takes the vector of a row; false if it has none. */
function take(row: string, vectors: Readonly<Record<VectorKind, Map<string, Float32Array>>>): boolean {
  try {
    const { image, text, embedding } = JSON.parse(row) as Readonly<Record<string, unknown>>;
    if (!Array.isArray(embedding)) return false;
    if (typeof image === 'string') vectors.image.set(image, Float32Array.from(embedding as number[]));
    else if (typeof text === 'string') vectors.text.set(text, Float32Array.from(embedding as number[]));
    else return false;
    return true;
  } catch {
    return false;
  }
}
