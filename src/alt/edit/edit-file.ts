import { SourceFileError } from '../../core/index.js';
import { findImages, type FindOptions } from '../source/find-images.js';
import type { AltPlace, ByteRange, SourceImage } from '../source/source-image.js';
import type { Syntax } from '../source/syntax.js';
import { encodeText, plainText } from './encode-text.js';

/** A text for an image of a file. */
export interface TextEdit {
  readonly place: AltPlace;
  /** Empty for decoration. */
  readonly text: string;
}

/** A file with its new texts. */
export interface EditedFile {
  readonly bytes: Uint8Array;
  /** From a byte of the file as it was to the same one as it is now. */
  readonly moved: (byte: number) => number;
}

/**
 * Writes texts into a source file. Bytes outside of the places stay as they are. The result is read again: each image must have its text,
 * and all others must be as they were.
 *
 * @throws SourceFileError if that is not so; then nothing is to be written
 */
export async function editFile(
  file: string,
  bytes: Uint8Array,
  edits: readonly TextEdit[],
  options: FindOptions & { readonly syntax: Syntax },
): Promise<EditedFile> {
  const written = [...edits]
    .sort((a, b) => a.place.start - b.place.start)
    .map(({ place, text }) => ({
      place,
      text,
      bytes: new TextEncoder().encode(encodeText(text, place, options.syntax)),
    }));
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const { place, bytes: replacement } of written) {
    if (place.start < at || place.end > bytes.length) throw new SourceFileError(file, 'the places of texts overlap.');
    pieces.push(bytes.subarray(at, place.start), replacement);
    at = place.end;
  }
  pieces.push(bytes.subarray(at));
  const edited = Buffer.concat(pieces);
  const moved = (byte: number): number =>
    written.reduce(
      (sum, { place, bytes: replacement }) =>
        place.end <= byte && place.start < byte ? sum + replacement.length - (place.end - place.start) : sum,
      byte,
    );
  await check(file, bytes, edited, written, options);
  return { bytes: edited, moved };
}

/** @throws SourceFileError if the edited file does not say what it should */
async function check(
  file: string,
  before: Uint8Array,
  after: Uint8Array,
  edits: readonly TextEdit[],
  options: FindOptions & { readonly syntax: Syntax },
): Promise<void> {
  const [was, is] = [await findImages(file, before, options), await findImages(file, after, options)];
  const places = new Map(edits.map((edit) => [keyOf(edit.place), edit]));
  let found = 0;
  const isRight = was.every((image, index) => {
    const now = is[index];
    if (now?.tag !== image.tag || now.src !== image.src) return false;
    const edit = image.place && places.get(keyOf(image.place));
    if (!edit) return now.alt === image.alt && now.altText === image.altText;
    found += 1;
    return hasText(now, edit.text);
  });
  if (isRight && is.length === was.length && found === edits.length) return;
  throw new SourceFileError(
    file,
    'an edit would not give the intended text. The file was not changed; edit it by hand.',
  );
}

function hasText({ alt, altText, place }: SourceImage, text: string): boolean {
  const plain = plainText(text);
  if (plain !== '') return alt === 'text' && altText === plain;
  return alt === (place?.isAttribute === false ? 'missing' : 'decorative');
}

const keyOf = ({ start, end }: ByteRange): string => `${start}-${end}`;
