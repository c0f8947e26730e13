import { type BadRow, type CaptionFormat, type CaptionRow, imageName, isRecord, rowsOfEntry } from './caption-row.js';

/** Which form of JSON a value has; undefined for none that is known. */
export function jsonFormat(value: unknown): CaptionFormat | undefined {
  if (Array.isArray(value)) return 'coco';
  if (!isRecord(value)) return undefined;
  if (Array.isArray(value.annotations)) return 'coco';
  const { images } = value;
  if (Array.isArray(images))
    return images.some((image) => isRecord(image) && 'sentences' in image) ? 'karpathy' : undefined;
  return 'json';
}

/** All captions of a value of JSON. */
export function readJson(value: unknown, format: CaptionFormat): Iterable<CaptionRow | BadRow> {
  if (format === 'karpathy' && isRecord(value) && Array.isArray(value.images)) return karpathyRows(value.images);
  if (format === 'coco' && Array.isArray(value)) return entryRows(value);
  if (format === 'coco' && isRecord(value) && Array.isArray(value.annotations)) {
    return cocoRows(Array.isArray(value.images) ? value.images : [], value.annotations);
  }
  if (format === 'json' && isRecord(value)) {
    return entryRows(Object.entries(value).map(([image, captions]) => ({ image, captions })));
  }
  return [{ row: 1, problem: `is not in the form ${format}` }];
}

function* entryRows(entries: readonly unknown[]): Generator<CaptionRow | BadRow, void> {
  for (const [i, entry] of entries.entries()) yield* rowsOfEntry(i + 1, entry);
}

/** COCO's annotations; the image is named by its file's name, or by its id if there are no images. */
function* cocoRows(images: readonly unknown[], annotations: readonly unknown[]): Generator<CaptionRow | BadRow, void> {
  const names = new Map<string, string>();
  yield* cocoImages(images, names);
  const seen = new Set<string>();
  for (const [i, annotation] of annotations.entries()) {
    const row = i + 1;
    const id = isRecord(annotation) ? imageName(annotation.image_id) : undefined;
    const caption = isRecord(annotation) ? annotation.caption : undefined;
    const own = isRecord(annotation) ? imageName(annotation.id) : undefined;
    if (own !== undefined && seen.has(own)) {
      yield { row, problem: `of annotations has the id ${own}, which an earlier annotation has` };
      continue;
    }
    if (own !== undefined) seen.add(own);
    if (id === undefined) yield { row, problem: 'of annotations has no image_id' };
    else if (typeof caption !== 'string') yield { row, problem: 'of annotations has no caption that is a text' };
    else if (images.length === 0) yield { row, image: id, caption: caption.trim() };
    else if (!names.has(id)) yield { row, problem: 'of annotations names an image that is not among the images' };
    else yield { row, image: names.get(id)!, alias: id, caption: caption.trim() };
  }
}

/** Collects the images' names by id; gives those that cannot be used. */
function* cocoImages(images: readonly unknown[], names: Map<string, string>): Generator<BadRow, void> {
  const ids = new Map<string, string>();
  for (const [i, image] of images.entries()) {
    const row = i + 1;
    const id = isRecord(image) ? imageName(image.id) : undefined;
    const name = isRecord(image) ? imageName(image.file_name) : undefined;
    if (id === undefined || name === undefined) {
      yield { row, problem: 'of images has no id or no file_name' };
    } else if (names.has(id) && names.get(id) !== name) {
      yield { row, problem: `of images has the id ${id}, which another image has` };
    } else if (ids.has(name) && ids.get(name) !== id) {
      yield { row, problem: `of images has the file_name "${name}", which the image ${ids.get(name)!} has` };
    } else {
      names.set(id, name);
      ids.set(name, id);
    }
  }
}

function* karpathyRows(images: readonly unknown[]): Generator<CaptionRow | BadRow, void> {
  const rowOf = new Map<string, number>();
  const sentenceIds = new Set<string>();
  for (const [i, image] of images.entries()) {
    const row = i + 1;
    const name = isRecord(image) ? imageName(image.filename) : undefined;
    const sentences = isRecord(image) ? image.sentences : undefined;
    if (!isRecord(image) || name === undefined || !Array.isArray(sentences)) {
      yield { row, problem: 'has no filename or no sentences' };
      continue;
    }
    const id = imageName(image.cocoid);
    const earlier = rowOf.get(`filename ${name}`) ?? (id === undefined ? undefined : rowOf.get(`cocoid ${id}`));
    if (earlier !== undefined) {
      yield { row, problem: `has the filename or the cocoid of row ${earlier} ("${name}")` };
      continue;
    }
    rowOf.set(`filename ${name}`, row);
    if (id !== undefined) rowOf.set(`cocoid ${id}`, row);
    // Karpathy's `restval` is trained on, too.
    const given = image.split;
    const split = typeof given === 'string' ? { split: given === 'restval' ? 'train' : given } : {};
    for (const sentence of sentences as unknown[]) {
      const raw = isRecord(sentence) ? sentence.raw : undefined;
      const sentenceId = isRecord(sentence) ? imageName(sentence.sentid) : undefined;
      if (typeof raw !== 'string') yield { row, problem: 'has a sentence without raw text' };
      else if (sentenceId !== undefined && sentenceIds.has(sentenceId)) {
        yield { row, problem: `has a sentence with the sentid ${sentenceId}, which an earlier one has` };
      } else yield { row, image: name, ...(id !== undefined && { alias: id }), caption: raw.trim(), ...split };
      if (sentenceId !== undefined) sentenceIds.add(sentenceId);
    }
  }
}
