import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { EvaluationReport } from '../../evaluation/index.js';
import { chooseExamples, shuffled } from './examples.js';
import type { CommandIo } from '../console/command-io.js';
import type { ImageSource } from './image-source.js';
import type { EvalReport } from './measure-bias.js';
import type { ExampleGroup, JudgePageData, ReportPageData } from './page/data.js';
import type { Thumbnails } from './settings.js';

type PageIo = Pick<CommandIo, 'signal' | 'pageScript'>;

/** Sides of the copies of images in pages, in pixels. */
const THUMBNAIL_SIDE = 320;
const JUDGED_SIDE = 720;

/** Which images the report shows, and why. */
export interface ShownImages {
  readonly examples: readonly ExampleGroup[];
  /** Images that get a small copy. */
  readonly copied: ReadonlySet<string>;
  /** Those of them that are examples. */
  readonly inExamples: ReadonlySet<string>;
}

/** Chooses the images that the report shows. */
export function chooseShown(report: EvalReport, thumbnails: Thumbnails): ShownImages {
  const examples = chooseExamples(report);
  const nameOf = (place: number): string => report.images[place]!.image;
  const inExamples = new Set(thumbnails === 'none' ? [] : examples.flatMap(({ images }) => images.map(nameOf)));
  const copied = thumbnails === 'all' ? new Set(report.images.map(({ image }) => image)) : inExamples;
  return { examples, copied, inExamples };
}

/** Writes the report for people: one file that needs nothing else. */
export async function writeReportPage(
  path: string,
  report: EvalReport,
  { examples, copied }: ShownImages,
  attention: ReportPageData['attention'],
  images: ImageSource | undefined,
  io: PageIo,
): Promise<void> {
  const thumbnails = images ? Object.fromEntries(await copies(images, copied, THUMBNAIL_SIDE, io.signal)) : {};
  const data: ReportPageData = { report, thumbnails, examples, attention };
  await writeFile(path, pageHtml(report.title ?? 'Evaluation of captions', await io.pageScript('report'), data));
}

/**
 * Writes the page on which captions are judged: random images, each with its distinct captions in random order. The page does not
 * have the names of the systems; `--judgements` finds whose a caption is.
 */
export async function writeJudgePage(
  path: string,
  report: EvaluationReport,
  images: ImageSource,
  count: number,
  seed: number,
  io: PageIo,
): Promise<void> {
  const chosen = shuffled(report.images, seed).slice(0, count);
  const sources = await copies(images, new Set(chosen.map(({ image }) => image)), JUDGED_SIDE, io.signal);
  const shown = chosen.flatMap(({ image, captions }, i) => {
    const source = sources.get(image);
    return source === undefined ? [] : [{ image, source, captions: shuffled([...new Set(captions)], seed + i + 1) }];
  });
  const key = createHash('sha256')
    .update(JSON.stringify(shown.map(({ image, captions }) => [image, captions])))
    .digest('hex');
  const data: JudgePageData = { key: key.slice(0, 16), title: report.title ?? 'Captions', images: shown };
  await writeFile(path, pageHtml('Are these captions true?', await io.pageScript('judge'), data));
}

/** Small copies of images, as data URLs. Those that cannot be read are left out. */
async function copies(
  images: ImageSource,
  wanted: ReadonlySet<string>,
  side: number,
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const made = new Map<string, string>();
  if (wanted.size === 0) return made;
  const { default: sharp } = await import('sharp');
  for await (const { image, source } of images(wanted, signal)) {
    const jpeg = await sharp(source)
      .rotate()
      .resize(side, side, { fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#fff' })
      .jpeg({ quality: 72, mozjpeg: true })
      .toBuffer()
      .catch(() => undefined);
    if (jpeg) made.set(image, `data:image/jpeg;base64,${jpeg.toString('base64')}`);
  }
  return made;
}

/** A page that needs nothing else. */
export function pageHtml(title: string, script: string, data: object): string {
  // What could end the script's element is written otherwise.
  const json = JSON.stringify(data).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="captioneer eval">
<title>${title.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</title>
</head>
<body>
<noscript>This page needs JavaScript. All figures are in report.json, too.</noscript>
<script type="application/json" id="data">${json}</script>
<script>${script.replaceAll('</script', '<\\/script')}</script>
</body>
</html>
`;
}
