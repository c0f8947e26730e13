import { readData, type ReportPageData } from './data.js';
import { element } from './dom.js';
import { reportContents } from './report-contents.js';
import { STYLE } from './style.js';

document.head.append(element('style', {}, STYLE));
document.body.replaceChildren(element('main', {}, ...reportContents(readData() as ReportPageData)));
