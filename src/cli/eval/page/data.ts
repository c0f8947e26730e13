import type { EvalReport } from '../measure-bias.js';
import type { ResizeSpec } from './seen-window.js';

/** What the report's page is given. */
export interface ReportPageData {
  readonly report: EvalReport;
  /** Small copies of images, as data URLs. */
  readonly thumbnails: Readonly<Record<string, string>>;
  /** Images to show: what each group is called, and their places in the report. */
  readonly examples: readonly ExampleGroup[];
  /** What models looked at in examples, by system; systems that do not tell it are left out. */
  readonly attention: Readonly<Record<string, SystemAttention>>;
}

/** What one model looked at. */
export interface SystemAttention {
  readonly grid: AttentionGrid;
  /** By image. */
  readonly captions: Readonly<Record<string, AttendedCaption>>;
}

/** The grid of a model's image regions. */
export interface AttentionGrid {
  readonly rows: number;
  readonly columns: number;
  /** Tells which part of the image the grid covers. */
  readonly seen: ResizeSpec;
}

/** A caption with the attention of each word. */
export interface AttendedCaption {
  readonly caption: string;
  /** Each word and its attention: a byte for each region, row by row from the top left, 255 for the largest, in base64. */
  readonly words: readonly (readonly [word: string, attention: string])[];
}

/** Images that are shown together. */
export interface ExampleGroup {
  readonly title: string;
  /** Why these. */
  readonly note: string;
  /** Places of the images in the report. */
  readonly images: readonly number[];
  /** Place of the system that the group is about. Default: all. */
  readonly system?: number;
}

/** What the judging page is given. */
export interface JudgePageData {
  /** Tells one page's saved answers from another's. */
  readonly key: string;
  readonly title: string;
  readonly images: readonly JudgeImage[];
}

/** An image with its distinct captions, in the order in which they are shown; whose they are is not in the page. */
interface JudgeImage {
  readonly image: string;
  readonly source: string;
  readonly captions: readonly string[];
}

/** The data in the page. */
export function readData(): unknown {
  return JSON.parse(document.getElementById('data')?.textContent ?? 'null');
}
