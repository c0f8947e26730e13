import type { EvalReport } from '../measure-bias.js';

/** What the report's page is given. */
export interface ReportPageData {
  readonly report: EvalReport;
  /** Small copies of images, as data URLs. */
  readonly thumbnails: Readonly<Record<string, string>>;
  /** Images to show: what each group is called, and their places in the report. */
  readonly examples: readonly ExampleGroup[];
}

/** Images that are shown together. */
export interface ExampleGroup {
  readonly title: string;
  /** Why these. */
  readonly note: string;
  /** Places of the images in the report. */
  readonly images: readonly number[];
}

/** What the judging page is given. */
export interface JudgePageData {
  /** Tells one page's saved answers from another's. */
  readonly key: string;
  readonly title: string;
  readonly images: readonly JudgeImage[];
}

/** An image with its captions, in the order in which they are shown. */
interface JudgeImage {
  readonly image: string;
  readonly source: string;
  readonly captions: readonly { readonly system: string; readonly caption: string }[];
}

/** The data in the page. */
export function readData(): unknown {
  return JSON.parse(document.getElementById('data')?.textContent ?? 'null');
}
