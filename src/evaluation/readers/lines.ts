/** Text of a file: the whole of it, or in pieces, such as `createReadStream(path)` or `response.body` gives them. */
export type TextSource = string | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/** One line of a file. */
export interface Line {
  /** Counted from 1. */
  readonly row: number;
  /** Without its end. */
  readonly text: string;
}

/** The lines of a file, without its byte order mark. A last line that is empty is left out. */
export async function* lines(source: TextSource): AsyncGenerator<Line, void> {
  let rest = '';
  let row = 0;
  for await (const piece of pieces(source)) {
    const parts = (rest + piece).split('\n');
    rest = parts.pop()!;
    for (const part of parts) yield { row: ++row, text: clean(part, row) };
  }
  if (rest !== '') yield { row: ++row, text: clean(rest, row) };
}

/** The whole text of the rest of a file. */
export async function joined(rest: AsyncIterable<Line>): Promise<string> {
  const texts: string[] = [];
  for await (const { text } of rest) texts.push(text);
  return texts.join('\n');
}

function clean(text: string, row: number): string {
  const withoutReturn = text.endsWith('\r') ? text.slice(0, -1) : text;
  return row === 1 ? withoutReturn.replace(/^\uFEFF/, '') : withoutReturn;
}

async function* pieces(source: TextSource): AsyncGenerator<string, void> {
  if (typeof source === 'string') {
    yield source;
    return;
  }
  const decoder = new TextDecoder();
  for await (const piece of source) {
    yield typeof piece === 'string' ? piece : decoder.decode(piece, { stream: true });
  }
  yield decoder.decode();
}
