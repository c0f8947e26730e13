import { adoptStyle } from '../../../src/cli/eval/page/adopt-style.js';
import type { ReportPageData } from '../../../src/cli/eval/page/data.js';
import { reportContents } from '../../../src/cli/eval/page/report-contents.js';
import { CONTENT_STYLE } from '../../../src/cli/eval/page/style.js';
import { readReport, ReportFileError } from './read-report.js';

// The report's own names for this page's colours.
const STYLE = `
.report { --text: var(--ink); min-width: 0; ${CONTENT_STYLE} }
.report .card { box-shadow: none; } .report .caption { font-family: inherit; font-size: .9rem; line-height: 1.5; }
`;

/** A report that can be shown. */
export interface ShownReport {
  readonly data: ReportPageData;
  /** Its elements. */
  readonly contents: readonly HTMLElement[];
}

/**
 * Reads a report and makes its elements.
 *
 * @throws ReportFileError
 */
export async function openReport(file: File): Promise<ShownReport> {
  return showReport(readReport(await file.text(), file.name), file.name);
}

/**
 * Makes the elements of a report.
 *
 * @param name of its file, for messages
 * @throws ReportFileError
 */
export function showReport(data: ReportPageData, name: string): ShownReport {
  adoptStyle(STYLE);
  try {
    return { data, contents: reportContents(data) };
  } catch (cause) {
    throw new ReportFileError(`${name} is damaged: figures are missing. Write it anew with captioneer eval.`, {
      cause,
    });
  }
}
