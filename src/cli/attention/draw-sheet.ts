import { loadSharp } from '../../adapters/node/images/load-sharp.js';
import { escapeXml } from '../../text/escape-xml.js';

/** Space around and between the parts, in pixels. */
const GAP = 16;
/** Height of the line below a part. */
const LABEL = 30;
const FONT = 18;
/** Mean width of a letter, in font sizes: enough to break lines by. */
const LETTER = 0.56;
const MAX_COLUMNS = 4;

/** One part of a sheet: a PNG of the size of all others, and what is written below it. */
export interface Panel {
  readonly png: Buffer;
  readonly label: string;
}

/**
 * Puts parts of one size together to a sheet, row by row, with a title above them, as PNG.
 *
 * @param width of each part, in pixels
 */
export async function drawSheet(
  panels: readonly Panel[],
  width: number,
  height: number,
  title: string,
): Promise<Buffer> {
  const sharp = await loadSharp();
  const columns = Math.min(panels.length, MAX_COLUMNS);
  const sheetWidth = GAP + columns * (width + GAP);
  const titleLines = linesOf(title, Math.floor((sheetWidth - 2 * GAP) / (FONT * LETTER)));
  const head = GAP + Math.round(titleLines.length * 1.4 * FONT) + GAP / 2;
  const sheetHeight = head + Math.ceil(panels.length / columns) * (height + LABEL + GAP / 2);
  const places = panels.map(({ png, label }, index) => ({
    png,
    label,
    left: GAP + (index % columns) * (width + GAP),
    top: head + Math.floor(index / columns) * (height + LABEL + GAP / 2),
  }));
  const texts = [
    ...titleLines.map((line, index) => text(line, GAP, GAP + Math.round((index + 1) * 1.3 * FONT) - 4, 'start')),
    ...places.map(({ label, left, top }) => text(label, left + width / 2, top + height + 21, 'middle')),
  ];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${sheetWidth}" height="${sheetHeight}">${texts.join('')}</svg>`;
  return sharp({ create: { width: sheetWidth, height: sheetHeight, channels: 3, background: 'white' } })
    .composite([
      ...places.map(({ png, left, top }) => ({ input: png, left, top })),
      { input: Buffer.from(svg), left: 0, top: 0 },
    ])
    .png()
    .toBuffer();
}

function text(content: string, x: number, y: number, anchor: 'start' | 'middle'): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" font-family="sans-serif" font-size="${FONT}">${escapeXml(content)}</text>`;
}

/** A text in lines of at most a number of letters. */
function linesOf(content: string, letters: number): string[] {
  const lines: string[] = [];
  for (const word of content.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= letters) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
