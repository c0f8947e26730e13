/**
 * Forms of files of captions.
 *
 * - `flickr8k`: `image.jpg#0<TAB>caption`, as the authors of Flickr8k publish it (`Flickr8k.token.txt`).
 * - `csv`: header with `image` and `caption`, as Kaggle's `captions.txt`.
 * - `tsv`: header with `image` and `caption`, separated by tabs; a column `split` if there is one.
 * - `coco`: COCO's annotations (`images`, `annotations`), or results: an array of `{ image_id, caption }`.
 * - `karpathy`: `dataset_*.json` of Karpathy's splits.
 * - `jsonl`: an object a line, `{"image": …, "caption": …}` or `{"image": …, "captions": [ … ]}`, as `captioneer --json` prints.
 * - `json`: one object, image to caption or captions.
 */
export type CaptionFormat = 'flickr8k' | 'csv' | 'tsv' | 'coco' | 'karpathy' | 'jsonl' | 'json';

/** One caption of one image. */
export interface CaptionRow {
  /** Row or entry in the file, counted from 1. */
  readonly row: number;
  /** Name of the image. */
  readonly image: string;
  /** Another name of it: COCO's numeric id, where `image` is the file's name. */
  readonly alias?: string;
  /** The caption, trimmed. */
  readonly caption: string;
  /** The split it belongs to, if the file says so. */
  readonly split?: string;
}

/** A row that could not be read. */
export interface BadRow {
  /** Row or entry in the file, counted from 1. */
  readonly row: number;
  /** What is wrong with it. */
  readonly problem: string;
}

const IMAGE_KEYS = ['image', 'image_id', 'imageId', 'file_name', 'filename', 'file', 'path', 'id'];
const CAPTION_KEYS = ['caption', 'captions', 'text', 'references', 'sentences'];

/** The captions of one entry: of a line of JSON Lines, or of an array. @internal */
export function* rowsOfEntry(row: number, entry: unknown): Generator<CaptionRow | BadRow, void> {
  if (!isRecord(entry)) {
    yield { row, problem: 'is not an object with an image and a caption' };
    return;
  }
  const image = imageName(IMAGE_KEYS.map((key) => entry[key]).find((value) => value !== undefined));
  if (image === undefined) {
    yield { row, problem: `has no name of an image (${IMAGE_KEYS.slice(0, 4).join(', ')})` };
    return;
  }
  const split = typeof entry.split === 'string' ? { split: entry.split } : {};
  for (const caption of captionsOf(entry)) {
    if (typeof caption === 'string') yield { row, image, caption: caption.trim(), ...split };
    else yield { row, problem: 'has no caption that is a text' };
  }
}

function captionsOf(entry: Record<string, unknown>): unknown[] {
  const found = CAPTION_KEYS.map((key) => entry[key]).find((value) => value !== undefined);
  return Array.isArray(found) ? found : [found];
}

/** A name of an image, or a number that stands for one. @internal */
export function imageName(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** @internal */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
