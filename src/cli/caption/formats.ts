import { encodeText } from '../../alt/edit/encode-text.js';
import { type AltText, type CaptionResult, toAltText } from '../../index.js';
import type { ErrorReport } from '../console/error-report.js';
import { oneLine } from '../console/one-line.js';
import { isUnsure, jsonErrorLine, jsonLine, MARK, NOTHING, textLines } from './format-result.js';
import type { FormatSettings, OutputFormat } from './output-format.js';

const COLUMNS = ['image', 'caption', 'confidence', 'assessment', 'error'];
const ALT_COLUMNS = ['image', 'alt', 'confidence', 'needs_review', 'reasons', 'error'];

/** What stands before all results. */
export function headOf({ format, isAlt }: Pick<FormatSettings, 'format' | 'isAlt'>): string {
  return format === 'csv' || format === 'tsv' ? row(format, isAlt ? ALT_COLUMNS : COLUMNS) : '';
}

/**
 * The lines of an image.
 *
 * @param start stands before each caption of the format `text`
 * @param more further fields of the format `json`
 */
export function linesOf(
  result: CaptionResult,
  label: string,
  start: string,
  settings: FormatSettings,
  more: object = {},
): string {
  const { format, isAlt, minConfidence } = settings;
  const alt = isAlt ? altOf(result, minConfidence) : undefined;
  switch (format) {
    case 'json':
      return jsonLine(result, label, { ...(alt && { alt }), ...more });
    case 'csv':
    case 'tsv':
      return rowsOf(result, label, alt, format);
    case 'markdown':
      return `![${encodeText(alt?.text ?? result.text, MARKDOWN, 'markdown')}](${destination(label)})\n`;
    case 'html':
      return `<img src="${attribute(label)}" ${encodeText(alt?.text ?? result.text, HTML, 'html')}>\n`;
    case 'text':
      return alt ? `${start}${altLine(alt)}\n` : textLines(result, start, minConfidence);
  }
}

/** The lines of an image that could not be captioned; formats for people have none. */
export function errorLinesOf(report: ErrorReport, label: string, { format, isAlt }: FormatSettings): string {
  if (format === 'json') return jsonErrorLine(report, label);
  if (format !== 'csv' && format !== 'tsv') return '';
  return row(format, [label, ...Array<string>((isAlt ? ALT_COLUMNS : COLUMNS).length - 2).fill(''), report.message]);
}

/** The image that a line of a format is about, if it has been captioned. */
export function doneImage(line: string, format: OutputFormat): string | undefined {
  if (format === 'json') {
    const { image, error } = JSON.parse(line) as { readonly image?: string; readonly error?: unknown };
    return error === undefined ? image : undefined;
  }
  const cells = cellsOf(line, format === 'csv' ? ',' : '\t');
  return cells.at(-1) === '' ? cells[0] : undefined;
}

/** Whether a person should check what is printed. */
export function needsCheck(result: CaptionResult, { isAlt, minConfidence }: FormatSettings): boolean {
  return isAlt ? altOf(result, minConfidence).needsReview : isUnsure(result, minConfidence);
}

function altOf(result: CaptionResult, minConfidence: number | undefined): AltText {
  return toAltText(result, minConfidence === undefined ? {} : { minConfidence });
}

function altLine({ text, needsReview }: AltText): string {
  return `${needsReview ? `${MARK} ` : ''}${text === '' ? NOTHING : oneLine(text)}`;
}

function rowsOf(result: CaptionResult, label: string, alt: AltText | undefined, format: 'csv' | 'tsv'): string {
  const share = (confidence: number | undefined): string => confidence?.toFixed(4) ?? '';
  if (alt) {
    return row(format, [label, alt.text, share(result.confidence), String(alt.needsReview), alt.reasons.join(' '), '']);
  }
  return result.captions
    .map(({ text, confidence, assessment }) => row(format, [label, text, share(confidence), assessment ?? '', '']))
    .join('');
}

/** One line: white space in a cell becomes spaces, and quotes are those of RFC 4180. */
function row(format: 'csv' | 'tsv', cells: readonly string[]): string {
  const plain = cells.map(oneLine);
  if (format === 'tsv') return `${plain.join('\t')}\n`;
  return `${plain.map((cell) => (/[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\n`;
}

function cellsOf(line: string, separator: string): string[] {
  if (separator === '\t') return line.split('\t');
  return Array.from(line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g), ([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'),
  );
}

const MARKDOWN = { start: 0, end: 0, notation: 'markdown', isAttribute: false } as const;
const HTML = { start: 0, end: 1, notation: 'html', isAttribute: true } as const;

function destination(path: string): string {
  return /[\s()<>]/.test(path) ? `<${path.replace(/[<>\\]/g, '\\$&').replace(/[\r\n]/g, ' ')}>` : path;
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
