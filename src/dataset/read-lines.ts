import { createReadStream } from 'node:fs';

/** A line of a file, without its end. */
export interface Line {
  readonly text: string;
  /** Where it begins, in bytes. */
  readonly offset: number;
  /** Where the next one begins. */
  readonly end: number;
  /** Whether it has an end: false only for a last line without one. */
  readonly isComplete: boolean;
}

const LINE_FEED = 0x0a;

/** The lines of a file, one after another; empty ones are left out. */
export async function* readLines(path: string): AsyncGenerator<Line, void, void> {
  let rest: Buffer = Buffer.alloc(0);
  let offset = 0;
  for await (const piece of createReadStream(path) as AsyncIterable<Buffer>) {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let start = 0;
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, start)) {
      const text = bytes.toString('utf8', start, at).replace(/\r$/, '');
      const from = offset + start;
      start = at + 1;
      if (text !== '') yield { text, offset: from, end: offset + start, isComplete: true };
    }
    offset += start;
    rest = bytes.subarray(start);
  }
  if (rest.length > 0) yield { text: rest.toString(), offset, end: offset + rest.length, isComplete: false };
}
