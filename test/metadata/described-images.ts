import sharp from 'sharp';

/** Texts of an image file, by the field that has them. */
export interface DescribedOptions {
  readonly exif?: string | Uint8Array;
  readonly comment?: string;
  readonly iptc?: string;
  readonly xmp?: string;
}

/** A grey image as a file without any text. */
export function plainImage(format: 'jpeg' | 'png' | 'webp' | 'avif' = 'jpeg', grey = 128): Promise<Buffer> {
  const background = { r: grey, g: grey, b: grey };
  return sharp({ create: { width: 32, height: 24, channels: 3, background } })
    .toFormat(format)
    .toBuffer();
}

/** A JPEG with texts, in the segments in which cameras and programs write them. */
export async function describedJpeg(texts: DescribedOptions, grey?: number): Promise<Buffer> {
  const plain = await plainImage('jpeg', grey);
  const { exif, comment, iptc, xmp } = texts;
  const segments = [
    ...(exif !== undefined || comment !== undefined ? [exifSegment(exif, comment)] : []),
    ...(xmp === undefined ? [] : [segment(0xe1, Buffer.from('http://ns.adobe.com/xap/1.0/\0'), Buffer.from(xmp))]),
    ...(iptc === undefined ? [] : [iptcSegment(iptc)]),
  ];
  return Buffer.concat([plain.subarray(0, 2), ...segments, plain.subarray(2)]);
}

/** An XMP packet with a description and accessibility texts. */
export function xmpPacket(properties: string): string {
  return (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">' +
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" ' +
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/">' +
    `${properties}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`
  );
}

/** A property in languages. */
export function xmpProperty(name: string, texts: Readonly<Record<string, string>>): string {
  const items = Object.entries(texts).map(([language, text]) => `<rdf:li xml:lang="${language}">${text}</rdf:li>`);
  return `<${name}><rdf:Alt>${items.join('')}</rdf:Alt></${name}>`;
}

function segment(marker: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

/** A TIFF directory with an ImageDescription (ASCII) and an XPComment (UTF-16, as bytes). */
function exifSegment(description: string | Uint8Array | undefined, comment: string | undefined): Buffer {
  const entries = [
    ...(description === undefined ? [] : [{ tag: 0x010e, type: 2, bytes: Buffer.concat([Buffer.from(description), ZERO]) }]),
    ...(comment === undefined ? [] : [{ tag: 0x9c9c, type: 1, bytes: Buffer.from(`${comment}\0`, 'utf16le') }]),
  ]; // prettier-ignore
  const directory = Buffer.alloc(2 + 12 * entries.length + 4);
  directory.writeUInt16LE(entries.length, 0);
  let offset = 8 + directory.length;
  for (const [index, { tag, type, bytes }] of entries.entries()) {
    const at = 2 + 12 * index;
    directory.writeUInt16LE(tag, at);
    directory.writeUInt16LE(type, at + 2);
    directory.writeUInt32LE(bytes.length, at + 4);
    if (bytes.length <= 4) bytes.copy(directory, at + 8);
    else directory.writeUInt32LE(offset, at + 8);
    if (bytes.length > 4) offset += bytes.length;
  }
  const long = entries.map(({ bytes }) => bytes).filter(({ length }) => length > 4);
  const header = Buffer.from([0x49, 0x49, 0x2a, 0, 8, 0, 0, 0]);
  return segment(0xe1, Buffer.from('Exif\0\0'), header, directory, ...long);
}

const ZERO = Buffer.from([0]);

/** Record 2, dataset 120, in a block of Photoshop. */
function iptcSegment(caption: string): Buffer {
  const text = Buffer.from(caption);
  const charset = Buffer.from([0x1c, 1, 90, 0, 3, 0x1b, 0x25, 0x47]);
  const head = Buffer.from([0x1c, 2, 120, text.length >> 8, text.length & 255]);
  const dataset = Buffer.concat([charset, head, text]);
  const block = Buffer.concat([dataset, dataset.length % 2 ? ZERO : Buffer.alloc(0)]);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(dataset.length);
  return segment(0xed, Buffer.from('Photoshop 3.0\x008BIM\x04\x04\0\0', 'latin1'), size, block);
}
