import type { AltTextReason } from '../../captioner/index.js';
import type { AltPlace, ImageContext, SourceImage } from '../source/source-image.js';
import type { Syntax } from '../source/syntax.js';

/**
 * Why a person should look at the texts that are proposed for an image, besides the reasons of `toAltText`:
 *
 * - `people`: they speak of people
 * - `text-in-image`: they speak of what has text on it, or have text that the model read
 * - `graphic`: the image has few colours, like a screenshot, a chart or a logo
 * - `beams-disagree`: beams of the search say different things
 * - `existing-text`: a text is the image file's own, which may speak of something else
 * - `link`: the image is all that a link has, so that its text must say where the link leads
 *
 * Or why none is proposed: the image is not found, is behind a URL, its name is computed, or it cannot be read.
 */
export type ReviewReason =
  | AltTextReason
  | 'people'
  | 'text-in-image'
  | 'graphic'
  | 'beams-disagree'
  | 'existing-text'
  | 'link'
  | 'image-not-found'
  | 'remote-image'
  | 'computed-source'
  | 'unreadable-image';

/** A text that is proposed for an image. */
export interface AltProposal {
  readonly text: string;
  /** Where the image file has it, such as `EXIF ImageDescription`; missing if the model wrote it. */
  readonly existing?: string;
  /** Of the caption that it is made of, 0 … 1; missing if the model has no calibration. */
  readonly confidence?: number;
  /** What the search ranks by; higher is better. Missing if the model did not write it. */
  readonly score?: number;
  /** Natural logarithm of the caption's probability. Missing if the model did not write it. */
  readonly logProb?: number;
}

/** What a model proposes for an image, whatever files it is in. */
export interface ImageProposals {
  /** SHA-256 of the image's file, in hexadecimal digits. */
  readonly image: string;
  /** Which model it was, with its checksum. */
  readonly model: string;
  /** Options of captions and texts. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Best first; empty if there is nothing to describe. */
  readonly proposals: readonly AltProposal[];
  readonly reasons: readonly ReviewReason[];
}

/**
 * What a person decided: the best proposal or another one (`accept`), a text of their own (`edit`), that the image is decoration, or
 * that it is left as it is.
 */
export type AltDecision =
  { readonly action: 'accept' | 'edit'; readonly text: string } | { readonly action: 'decorative' | 'skip' };

/** An image without alternative text at one place of a source file. */
export interface AltItem {
  /** The same in each run, as long as the file has the image in the same order. */
  readonly id: string;
  /** Path of the source file as it was given: relative ones from the working directory. */
  readonly file: string;
  /** SHA-256 of the source file when it was read: `apply` refuses another one. */
  readonly fileSha256: string;
  readonly syntax: Syntax;
  readonly tag: string;
  /** From 1. */
  readonly line: number;
  /** Bytes that the text replaces, and how it is written there. */
  readonly place: AltPlace;
  /** As the file has it; missing if it is computed. */
  readonly src?: string;
  /** Path of the image's file, as `file`; missing if it was not found. */
  readonly image?: string;
  /** Key among the queue's `images`; missing if nothing is proposed. */
  readonly key?: string;
  readonly context: ImageContext;
  readonly needsReview: boolean;
  readonly reasons: readonly ReviewReason[];
  /** What is wrong with the image, for people. */
  readonly problem?: string;
  readonly decision?: AltDecision;
}

/** The content of a queue file. */
export interface AltQueue {
  readonly version: 1;
  readonly items: readonly AltItem[];
  /** By the SHA-256 of image, model and options: an image is captioned once. */
  readonly images: Readonly<Record<string, ImageProposals>>;
}

/** A queue without items. */
export const EMPTY_QUEUE: AltQueue = { version: 1, items: [], images: {} };

/** The texts that are proposed for an item, best first. */
export function proposalsOf(queue: AltQueue, { key }: Pick<AltItem, 'key'>): readonly AltProposal[] {
  return key === undefined ? [] : (queue.images[key]?.proposals ?? []);
}

/** The queue with another decision for an item; undefined takes it back. */
export function withDecision(queue: AltQueue, id: string, decision: AltDecision | undefined): AltQueue {
  return {
    ...queue,
    items: queue.items.map((item) => {
      if (item.id !== id) return item;
      const { decision: _before, ...others } = item;
      return decision === undefined ? others : { ...others, decision };
    }),
  };
}

/** The n-th image of a source is the same image in the next run. */
export function itemNames(images: readonly SourceImage[]): string[] {
  const counts = new Map<string, number>();
  return images.map(({ src, tag }) => {
    const name = `${tag} ${src ?? ''}`;
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    return `${name} ${count}`;
  });
}
