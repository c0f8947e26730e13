/** What the boxes `colr` of an image of the HEIF family say about its colours. */
export interface ColourBoxes {
  /** The code points of primaries and transfer function. */
  readonly nclx?: readonly [primaries: number, transfer: number];
  /** Where these begin, two bytes each. */
  readonly nclxAt?: number;
  /** An ICC profile. */
  readonly icc?: Uint8Array;
}

/** A box of an ISO base media file (ISO/IEC 14496-12): where its content begins and ends. */
interface Box {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** Boxes of one level that are looked at. */
const MAX_BOXES = 1000;

/**
 * The colours of the primary image of an AVIF or HEIC file (ISO/IEC 23008-12): the properties that it is associated with.
 *
 * @throws RangeError if the file ends in the middle of something
 */
export function colourBoxes(bytes: Uint8Array): ColourBoxes {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const meta = find(boxes(view, 0, bytes.length), 'meta');
  if (meta === undefined) return {};
  const parts = boxes(view, meta.start + 4, meta.end);
  const primary = primaryItem(view, parts);
  const iprp = find(parts, 'iprp');
  if (iprp === undefined) return {};
  const properties = boxes(view, iprp.start, iprp.end);
  const ipco = find(properties, 'ipco');
  if (ipco === undefined) return {};
  const all = boxes(view, ipco.start, ipco.end);
  const numbers = properties.filter(({ type }) => type === 'ipma').flatMap((box) => associations(view, box, primary));
  const found: { -readonly [Name in keyof ColourBoxes]: ColourBoxes[Name] } = {};
  for (const number of numbers) {
    const box = all[number - 1];
    if (box?.type !== 'colr') continue;
    const kind = typeAt(view, box.start);
    if (kind === 'nclx' && found.nclx === undefined) {
      found.nclxAt = box.start + 4;
      found.nclx = [view.getUint16(box.start + 4), view.getUint16(box.start + 6)];
    } else if (kind === 'prof' || kind === 'rICC') found.icc ??= bytes.subarray(box.start + 4, box.end);
  }
  return found;
}

function primaryItem(view: DataView, parts: readonly Box[]): number {
  const pitm = find(parts, 'pitm');
  if (pitm === undefined) return 1;
  return view.getUint8(pitm.start) === 0 ? view.getUint16(pitm.start + 4) : view.getUint32(pitm.start + 4);
}

/** The properties of an item, counted from 1, that a box `ipma` lists. */
function associations(view: DataView, box: Box, item: number): number[] {
  const version = view.getUint8(box.start);
  const isWide = (view.getUint8(box.start + 3) & 1) === 1;
  const entries = Math.min(view.getUint32(box.start + 4), MAX_BOXES);
  let at = box.start + 8;
  for (let entry = 0; entry < entries; entry += 1) {
    const id = version < 1 ? view.getUint16(at) : view.getUint32(at);
    at += version < 1 ? 2 : 4;
    const count = view.getUint8(at);
    at += 1;
    const numbers = Array.from({ length: count }, (_, index) =>
      isWide ? view.getUint16(at + index * 2) & 0x7fff : view.getUint8(at + index) & 0x7f,
    );
    if (id === item) return numbers;
    at += count * (isWide ? 2 : 1);
  }
  return [];
}

function boxes(view: DataView, from: number, to: number): Box[] {
  const found: Box[] = [];
  for (let at = from; at + 8 <= to && found.length < MAX_BOXES;) {
    const size = view.getUint32(at);
    const isLong = size === 1;
    const length = isLong ? Number(view.getBigUint64(at + 8)) : size === 0 ? to - at : size;
    if (length < 8) break;
    found.push({ type: typeAt(view, at + 4), start: at + (isLong ? 16 : 8), end: Math.min(at + length, to) });
    at += length;
  }
  return found;
}

function find(list: readonly Box[], type: string): Box | undefined {
  return list.find((box) => box.type === type);
}

function typeAt(view: DataView, at: number): string {
  return [0, 1, 2, 3].map((offset) => String.fromCharCode(view.getUint8(at + offset))).join('');
}
