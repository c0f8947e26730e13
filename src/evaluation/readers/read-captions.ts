import { CaptionFileError } from '../../core/index.js';
import { type EvaluationWarning, WarningCounter } from '../warnings.js';
import type { BadRow, CaptionFormat, CaptionRow } from './caption-row.js';
import { jsonFormat, readJson } from './json-formats.js';
import {
  type LineReader,
  readFlickr8kLine,
  readJsonLine,
  splitCommas,
  splitTabs,
  tableReader,
} from './line-formats.js';
import { joined, type Line, lines, type TextSource } from './lines.js';

/** How a file of captions is read. */
export interface ReadRowsOptions {
  /** Form of the file. Default: found from its first line. */
  readonly format?: CaptionFormat;
  /** The file's name, for errors. Default: `captions`. */
  readonly file?: string;
}

/** How captions are gathered. */
export interface ReadCaptionsOptions extends ReadRowsOptions {
  /** Only captions of this split; rows that do not name a split are left out with a warning. Default: all. */
  readonly split?: string;
  /** What a row that cannot be read does: `warn` counts it, `error` throws. Default: `warn`. */
  readonly onBadRow?: 'warn' | 'error';
}

/** The captions of a file, by image. */
export interface CaptionSet {
  /** Captions of each image, in the file's order. */
  readonly captions: ReadonlyMap<string, readonly string[]>;
  /** Other names of images, such as COCO's ids, and the name in `captions`. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Splits that the file names. */
  readonly splits: readonly string[];
  /** What was left out. */
  readonly warnings: readonly EvaluationWarning[];
}

/**
 * Reads captions row by row: only the forms `coco`, `karpathy` and `json` are held in memory. A row that cannot be read is given
 * as such.
 *
 * @throws CaptionFileError if the file's form is not known, or the text is not the JSON that it begins as
 */
export async function* readCaptionRows(
  source: TextSource,
  options: ReadRowsOptions = {},
): AsyncGenerator<CaptionRow | BadRow, void> {
  const { file = 'captions' } = options;
  const all = lines(source);
  let first = await all.next();
  while (!first.done && first.value.text.trim() === '') first = await all.next();
  if (first.done) throw new CaptionFileError(file, undefined, 'the file is empty.');
  const line = first.value;
  const format = options.format ?? guessFormat(line.text);
  if (format === undefined) {
    throw new CaptionFileError(file, line.row, `the form of the file is not known from its first line. ${KNOWN_FORMS}`);
  }
  if (format === 'coco' || format === 'karpathy' || format === 'json') {
    yield* readWholeJson(`${line.text}\n${await joined(all)}`, options, file);
    return;
  }
  const [read, isHeader] = lineReader(format, line, file);
  if (!isHeader) yield* read(line);
  for await (const next of all) {
    if (next.text.trim() !== '') yield* read(next);
  }
}

/**
 * Reads a file of captions.
 *
 * @throws CaptionFileError if the file has no captions, is in no known form, has no such split or names none, more than half of its
 *   rows cannot be read, or one cannot and `onBadRow` is `error`
 *
 * @example
 * const references = await readCaptions(createReadStream('captions.txt'), { file: 'captions.txt' });
 * references.captions.get('1000268201_693b08cb0e.jpg'); // five captions
 */
export async function readCaptions(source: TextSource, options: ReadCaptionsOptions = {}): Promise<CaptionSet> {
  const { file = 'captions', split, onBadRow = 'warn' } = options;
  const captions = new Map<string, string[]>();
  const aliases = new Map<string, string>();
  const splits = new Set<string>();
  const warnings = new WarningCounter();
  let rows = 0;
  let bad = 0;
  for await (const row of readCaptionRows(source, options)) {
    rows++;
    if ('problem' in row) {
      if (onBadRow === 'error') throw new CaptionFileError(file, row.row, `${row.problem}.`);
      bad++;
      warnings.add('BAD_ROW', `${file}: rows that cannot be read were left out`, `row ${row.row} ${row.problem}`);
      continue;
    }
    if (row.split !== undefined) splits.add(row.split);
    if (split !== undefined && row.split === undefined) {
      warnings.add('SPLIT_MISSING', `${file}: captions without a split were left out`, row.image);
    }
    if (split !== undefined && row.split !== split) continue;
    const found = captions.get(row.image);
    if (found) found.push(row.caption);
    else captions.set(row.image, [row.caption]);
    if (row.alias !== undefined) aliases.set(row.alias, row.image);
  }
  const set = { captions, aliases, splits: [...splits].sort(), warnings: warnings.list() };
  checkSet(set, { rows, bad, file, split });
  return set;
}

function checkSet(
  set: CaptionSet,
  { rows, bad, file, split }: { rows: number; bad: number; file: string; split: string | undefined },
): void {
  if (bad > rows / 2) {
    const [example] = set.warnings[0]!.examples;
    throw new CaptionFileError(file, undefined, `${bad} of ${rows} rows cannot be read: ${example}. ${KNOWN_FORMS}`);
  }
  if (split !== undefined && set.splits.length === 0 && rows > 0) {
    throw new CaptionFileError(
      file,
      undefined,
      `the file does not name splits, so "${split}" cannot be selected. Leave out "split"; to state which split the whole file is, ` +
        'give its name to evaluate(), or as --split-name to the command.',
    );
  }
  if (split !== undefined && set.splits.length > 0 && !set.splits.includes(split)) {
    throw new CaptionFileError(file, undefined, `there is no split "${split}"; there are ${set.splits.join(', ')}.`);
  }
  if (set.captions.size === 0) throw new CaptionFileError(file, undefined, 'there are no captions in the file.');
}

const KNOWN_FORMS =
  'Known are TSV and CSV with a header (image, caption), Flickr8k tokens (image#0<TAB>caption), COCO JSON, Karpathy JSON, ' +
  'JSON Lines, and a JSON object from image to captions.';

/** The form of a file that begins with a line; `coco` stands for JSON of any form. */
function guessFormat(first: string): CaptionFormat | undefined {
  const text = first.trim();
  if (text.startsWith('[')) return 'coco';
  if (text.startsWith('{')) return isJsonEntry(text) ? 'jsonl' : 'coco';
  if (/^[^\t]+#\d+\t/.test(text)) return 'flickr8k';
  const hasColumns = (separator: string): boolean => {
    const names = text.split(separator).map((name) => name.trim().toLowerCase());
    return names.includes('image') && names.includes('caption');
  };
  if (hasColumns('\t')) return 'tsv';
  return hasColumns(',') ? 'csv' : undefined;
}

/** Whether a line is a whole object that names an image. */
function isJsonEntry(text: string): boolean {
  try {
    const value = JSON.parse(text) as Record<string, unknown>;
    return ['image', 'image_id', 'file_name', 'filename', 'file'].some((key) => typeof value[key] !== 'undefined');
  } catch {
    return false;
  }
}

function lineReader(
  format: 'flickr8k' | 'csv' | 'tsv' | 'jsonl',
  first: Line,
  file: string,
): readonly [read: LineReader, isHeader: boolean] {
  if (format === 'flickr8k') return [readFlickr8kLine, false];
  if (format === 'jsonl') return [readJsonLine, false];
  const header = first.text.split(format === 'tsv' ? '\t' : ',');
  const names = header.map((name) => name.trim().toLowerCase());
  if (!names.includes('image') || !names.includes('caption')) {
    throw new CaptionFileError(file, first.row, `the header has no columns "image" and "caption".`);
  }
  const split = format === 'tsv' ? splitTabs : (text: string) => splitCommas(text, header.length);
  return [tableReader(header, split), true];
}

function* readWholeJson(text: string, options: ReadRowsOptions, file: string): Generator<CaptionRow | BadRow, void> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CaptionFileError(file, undefined, `the file is not JSON (${(cause as Error).message}).`, { cause });
  }
  const format = options.format ?? jsonFormat(value);
  if (format === undefined)
    throw new CaptionFileError(file, undefined, `this JSON is in no known form. ${KNOWN_FORMS}`);
  yield* readJson(value, format);
}
