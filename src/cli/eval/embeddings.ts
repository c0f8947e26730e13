import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { ImageTextEmbedder } from '../../evaluation/index.js';
import { UsageError } from '../console/usage-error.js';

/**
 * Vectors of an image-text model, from JSON Lines: `{"image": "a.jpg", "embedding": […]}`, `{"text": "A dog.", "embedding": […]}`,
 * and `{"model": "CLIP ViT-B/32"}` to name the model.
 *
 * @throws UsageError that names the row if the file cannot be read
 */
export async function readEmbeddings(path: string): Promise<ImageTextEmbedder> {
  const vectors = { image: new Map<string, Float32Array>(), text: new Map<string, Float32Array>() };
  let name = 'not stated';
  let row = 0;
  try {
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
      row++;
      if (line.trim() === '') continue;
      const { image, text, embedding, model } = JSON.parse(line) as Readonly<Record<string, unknown>>;
      if (typeof model === 'string') name = model;
      if (embedding === undefined && typeof model === 'string') continue;
      const isVector = Array.isArray(embedding) && embedding.every((value) => typeof value === 'number');
      if (!isVector || (typeof image !== 'string' && typeof text !== 'string')) {
        throw new Error('a row has "image" or "text", and "embedding", an array of numbers');
      }
      if (typeof image === 'string') vectors.image.set(baseName(image), Float32Array.from(embedding));
      else vectors.text.set((text as string).trim(), Float32Array.from(embedding));
    }
  } catch (cause) {
    const where = row > 0 ? `, row ${row}` : '';
    throw new UsageError(`--embeddings: "${path}"${where} cannot be read (${(cause as Error).message})`);
  }
  const found = (kind: 'image' | 'text', key: string, shown: string): Float32Array => {
    const vector = vectors[kind].get(key);
    if (vector) return vector;
    throw new UsageError(`--embeddings: "${path}" has no embedding of the ${kind} "${shown}"`);
  };
  return {
    name,
    image: (image) => found('image', baseName(image), image),
    text: (caption) => found('text', caption.trim(), caption),
  };
}

function baseName(image: string): string {
  return image.slice(Math.max(image.lastIndexOf('/'), image.lastIndexOf('\\')) + 1);
}
