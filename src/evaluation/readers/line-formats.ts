import { type BadRow, type CaptionRow, rowsOfEntry } from './caption-row.js';
import type { Line } from './lines.js';

type Rows = Iterable<CaptionRow | BadRow>;

/** Reads a line after the header. */
export type LineReader = (line: Line) => Rows;

/** `1000268201_693b08cb0e.jpg#0<TAB>A child in a pink dress …` */
export const readFlickr8kLine: LineReader = ({ row, text }) => {
  const [, image, caption] = /^([^\t]+?)#\d+\t(.*)$/.exec(text) ?? [];
  if (image === undefined || caption === undefined) return [{ row, problem: 'is not image#number<TAB>caption' }];
  return [{ row, image: image.trim(), caption: caption.trim() }];
};

/** An object a line. */
export const readJsonLine: LineReader = ({ row, text }) => {
  try {
    return rowsOfEntry(row, JSON.parse(text));
  } catch {
    return [{ row, problem: 'is not JSON' }];
  }
};

/**
 * A reader of the lines below a header.
 *
 * @param header names of the columns
 * @param split parts a line into cells; undefined if it cannot
 */
export function tableReader(header: readonly string[], split: (text: string) => string[] | undefined): LineReader {
  const names = header.map((name) => name.trim().toLowerCase());
  const [imageAt, captionAt, splitAt] = ['image', 'caption', 'split'].map((name) => names.indexOf(name)) as [
    number,
    number,
    number,
  ];
  return ({ row, text }) => {
    const cells = split(text);
    if (!cells) return [{ row, problem: 'has a quoted cell that does not end' }];
    if (cells.length < names.length) {
      return [{ row, problem: `has ${cells.length} of ${names.length} columns` }];
    }
    const image = cells[imageAt]!.trim();
    if (image === '') return [{ row, problem: 'has no name of an image' }];
    const caption = cells[captionAt]!.trim();
    const named = splitAt < 0 ? '' : cells[splitAt]!.trim();
    return [{ row, image, caption, ...(named !== '' && { split: named }) }];
  };
}

/** Cells between tabs. */
export const splitTabs = (text: string): string[] => text.split('\t');

/**
 * Cells between commas. The last one takes the rest of the line, commas too, unless it is in quotes: some copies of Kaggle's
 * file quote captions with commas, and some do not.
 *
 * @param columns number of cells
 */
export function splitCommas(text: string, columns: number): string[] | undefined {
  const cells: string[] = [];
  let at = 0;
  while (cells.length < columns && at <= text.length) {
    if (text[at] === '"') {
      const quoted = /^"((?:[^"]|"")*)"(?:,|$)/.exec(text.slice(at));
      if (!quoted) return undefined;
      cells.push(quoted[1]!.replaceAll('""', '"'));
      at += quoted[0].length;
      if (!quoted[0].endsWith(',') && at === text.length) break;
    } else {
      const comma = cells.length === columns - 1 ? -1 : text.indexOf(',', at);
      const end = comma === -1 ? text.length : comma;
      cells.push(text.slice(at, end));
      at = end + 1;
    }
  }
  return cells;
}
