import { bias } from './bias/section.js';
import { allCaptions, examples } from './captions.js';
import { distributions, scoreCharts } from './charts.js';
import type { ReportPageData } from './data.js';
import { element } from './dom.js';
import { header, judgements, summary, warnings, words } from './summary.js';

/** A report as elements, for the page that `captioneer eval` writes and for other pages that show one. */
export function reportContents(data: ReportPageData): HTMLElement[] {
  const { report } = data;
  const parts = [
    summary(report),
    judgements(report),
    bias(report),
    scoreCharts(report),
    distributions(report, words(report)),
    data.examples.length > 0 ? examples(data) : null,
    allCaptions(data),
  ].filter((part) => part !== null);
  const links = parts.map((part) =>
    element('a', { href: `#${part.id}` }, part.querySelector('h2')?.textContent ?? part.id),
  );
  const notice = warnings(report);
  return [
    header(report),
    ...(notice ? [notice] : []),
    element('nav', { 'aria-label': 'contents' }, ...links),
    ...parts,
  ];
}
