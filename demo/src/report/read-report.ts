import { chooseExamples } from '../../../src/cli/eval/examples.js';
import type { ReportPageData } from '../../../src/cli/eval/page/data.js';

type Report = ReportPageData['report'];

/** A report cannot be shown; the message is for the person who opened it. */
export class ReportFileError extends Error {
  override readonly name = 'ReportFileError';
}

/**
 * Reads what `captioneer eval` has written: report.json, or report.html, which has small copies of photographs, too.
 *
 * @param name of the file, for messages
 * @throws ReportFileError
 */
export function readReport(text: string, name: string): ReportPageData {
  const start = text.trimStart().slice(0, 200).toLowerCase();
  const isPage = start.startsWith('<!doctype html') || start.startsWith('<html');
  const value = parse(isPage ? dataOfPage(text, name) : text, name);
  if (!isPage) return { ...checked(value, name), thumbnails: {}, attention: {} };
  const { report, thumbnails, attention } = value as Partial<ReportPageData>;
  return {
    ...checked(report, name),
    thumbnails: dataUrls(thumbnails),
    attention: isObject(attention) ? attention : {},
  };
}

function parse(text: string, name: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ReportFileError(
      `${name} is not a report, or it is cut short. Open the file report.json that captioneer eval writes.`,
    );
  }
  if (isObject(value)) return value;
  throw notReport(name);
}

/** The data in the page, which has no "<" in it. */
function dataOfPage(text: string, name: string): string {
  const [, json] = /<script type="application\/json" id="data">([^<]*)<\/script>/.exec(text) ?? [];
  if (json === undefined) throw notReport(name);
  return json;
}

function notReport(name: string): ReportFileError {
  return new ReportFileError(`${name} is not a report of captioneer eval. Open its report.json or report.html.`);
}

function checked(value: unknown, name: string): Pick<ReportPageData, 'report' | 'examples'> {
  const { format, version } = (value ?? {}) as Partial<Report>;
  if (format !== 'captioneer-evaluation') throw notReport(name);
  if ((version as number) !== 1) {
    throw new ReportFileError(
      `${name} is a report of version ${String(version)}; this page shows version 1. Update the page, or write the report with a matching captioneer.`,
    );
  }
  if (!isWhole(value as Report)) {
    throw new ReportFileError(
      `${name} is damaged: figures or captions are missing. Write it anew with captioneer eval.`,
    );
  }
  const report = value as Report;
  return { report, examples: chooseExamples(report) };
}

/** Whether the captions of each image, and their scores, are those of the systems. The rest is looked at when it is shown. */
function isWhole({ systems, images }: Partial<Report>): boolean {
  if (!Array.isArray(systems) || !Array.isArray(images) || systems.length === 0) return false;
  return (
    systems.every(
      (system: unknown) => isObject(system) && typeof system.name === 'string' && isObject(system.scores),
    ) && images.every((image: unknown) => isObject(image) && isImage(image, systems.length))
  );
}

function isImage({ image, references, captions, scores }: Readonly<Record<string, unknown>>, systems: number): boolean {
  return (
    typeof image === 'string' &&
    isTexts(references) &&
    isTexts(captions) &&
    captions.length === systems &&
    Array.isArray(scores) &&
    scores.length === systems &&
    scores.every((score: unknown) => isObject(score) && typeof score.ciderD === 'number')
  );
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}

/** Photographs in the page itself; what names another place is left out. */
function dataUrls(thumbnails: unknown): Readonly<Record<string, string>> {
  if (!isObject(thumbnails)) return {};
  const found = Object.entries(thumbnails).filter(
    ([, url]) => typeof url === 'string' && url.startsWith('data:image/'),
  );
  return Object.fromEntries(found) as Readonly<Record<string, string>>;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
