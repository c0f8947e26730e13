import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { QueueFileError } from '../../core/index.js';
import { type AltItem, type AltQueue, proposalsOf } from '../queue/queue.js';
import { parseQueue } from '../queue/queue-file.js';

/** Where a build finds texts. It reads the queue file only: no model is loaded, and nothing is downloaded. */
export interface AltTextOptions {
  /** Path of the queue file that `captioneer alt write` and `review` made. Default `captioneer-alt.json`. */
  readonly queue?: string;
  /**
   * Images that nobody decided on get the best proposal if its confidence is at least this, 0 … 1, and no review is needed. Default: only
   * texts that a person accepted or edited.
   */
  readonly minConfidence?: number;
}

/** Texts by file and image. */
export class AltTexts {
  readonly #byPlace = new Map<string, string>();
  readonly #bySource = new Map<string, string | undefined>();
  /** Places of images that are written `![](photo.jpg)`. */
  readonly #inMarkdown = new Set<string>();

  /** @param queue paths in it are from the working directory */
  constructor(queue: AltQueue, minConfidence?: number) {
    for (const item of queue.items) {
      const text = textOf(queue, item, minConfidence);
      if (text === undefined || item.src === undefined) continue;
      this.#byPlace.set(placeOf(item.file, item.src), text);
      if (!item.place.isAttribute) this.#inMarkdown.add(placeOf(item.file, item.src));
      // The same name may be another image in another file.
      const isOther = this.#bySource.has(item.src) && this.#bySource.get(item.src) !== text;
      this.#bySource.set(item.src, isOther ? undefined : text);
    }
  }

  /**
   * Reads a queue file.
   *
   * @throws QueueFileError if it is not a queue; one that is not there has no texts
   */
  static read({ queue = 'captioneer-alt.json', minConfidence }: AltTextOptions = {}): AltTexts {
    let text: string;
    try {
      text = readFileSync(queue, 'utf8');
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code === 'ENOENT') return new AltTexts({ version: 1, items: [], images: {} });
      throw new QueueFileError(queue, `it cannot be read (${code ?? String(cause)}).`, { cause });
    }
    return new AltTexts(parseQueue(text, queue), minConfidence);
  }

  /**
   * The text of an image.
   *
   * @param src as the file has it
   * @param file path of the source file, if it is known; otherwise any file that has the image
   * @returns empty for decoration; undefined if there is none
   */
  textFor(src: string, file?: string): string | undefined {
    const place = placesOf(src, file).find((each) => this.#byPlace.has(each));
    return place === undefined ? this.#bySource.get(src) : this.#byPlace.get(place);
  }

  /** Whether an image of a source file is one of Markdown, of which a generator makes `alt=""` if it has no text. */
  isInMarkdown(src: string, file?: string): boolean {
    return placesOf(src, file).some((place) => this.#inMarkdown.has(place));
  }
}

const placeOf = (file: string, src: string): string => `${file}\n${src}`;

/** The places that an image may be known by. */
function placesOf(src: string, file: string | undefined): string[] {
  if (file === undefined) return [];
  return [file, relative('.', file).replaceAll('\\', '/')].map((name) => placeOf(name, src));
}

function textOf(queue: AltQueue, item: AltItem, minConfidence: number | undefined): string | undefined {
  switch (item.decision?.action) {
    case 'accept':
    case 'edit':
      return item.decision.text;
    case 'decorative':
      return '';
    case 'skip':
      return undefined;
    case undefined:
      break;
  }
  const [best] = proposalsOf(queue, item);
  if (minConfidence === undefined || item.needsReview || best === undefined) return undefined;
  return (best.confidence ?? 0) >= minConfidence ? best.text : undefined;
}
