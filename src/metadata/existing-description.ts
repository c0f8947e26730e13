import { DOMParser } from '@xmldom/xmldom';
import ExifReader from 'exifreader';
import { readXmp, type XmpTexts } from './xmp.js';

/** What is written about an image in its own file, or in an XMP file beside it. */
export interface ExistingDescription {
  /** Its alternative text: `Iptc4xmpCore:AltTextAccessibility`. */
  readonly altText?: string;
  /** What an alternative text has no room for: `Iptc4xmpCore:ExtDescrAccessibility`. */
  readonly extendedDescription?: string;
  /** Its description or caption. */
  readonly description?: string;
  /** Where the description is. If there is one in several places, it is the first in this order that counts. */
  readonly descriptionField?: DescriptionField;
}

/** Fields that have a description. */
type DescriptionField =
  'dc:description' | 'IPTC Caption-Abstract' | 'EXIF ImageDescription' | 'EXIF XPComment' | 'PNG Description';

/** Cameras write these into every image. */
const CAMERA_TEXT =
  /^(?:(?:OLYMPUS|KONICA|MINOLTA|KONICA MINOLTA|SANYO|SAMSUNG|KODAK|JENOPTIK|MAGINON|MEDION|RICOH|VIVITAR)?\s*DIGITAL (?:STILL )?CAMERA|SONY DSC|DCIM.*|SAMSUNG|KODAK|DIGITAL|IMAGE|UNTITLED|default|cof|dav|edf|fdr|hdr|hdrpl|mde|mtr|nor|ptr|rbt|rhdr|sdr|srb|vrt|(?:AI|dig|Screenshot|Picasa|Created with .*|_cuhd))$/i;

/**
 * Reads what an image file says of its image: JPEG, PNG, TIFF, WebP, AVIF, HEIC, GIF, JPEG XL. The texts that cameras write into every
 * image do not count.
 *
 * @param sidecar the content of an XMP file beside it, which counts before what is in the image
 * @returns undefined if it says nothing, or cannot be read
 */
export async function existingDescription(
  image: Uint8Array,
  sidecar?: string,
): Promise<ExistingDescription | undefined> {
  const tags = await tagsOf(image);
  const beside: XmpTexts = sidecar === undefined ? {} : readXmp(sidecar);
  const inside: XmpTexts = tags.xmp === undefined ? {} : readXmp(tags.xmp);
  const altText = beside.altText ?? inside.altText;
  const extendedDescription = beside.extendedDescription ?? inside.extendedDescription;
  const fields: readonly (readonly [DescriptionField, string | undefined])[] = [
    ['dc:description', beside.description ?? inside.description],
    ['IPTC Caption-Abstract', tags.iptc],
    ['EXIF ImageDescription', tags.exif],
    ['EXIF XPComment', tags.comment],
    ['PNG Description', tags.png],
  ];
  const found = fields.find(([, text]) => text !== undefined && isOfPerson(text));
  const texts = {
    ...(altText !== undefined && { altText }),
    ...(extendedDescription !== undefined && { extendedDescription }),
    ...(found && { description: found[1]!.trim(), descriptionField: found[0] }),
  };
  return Object.keys(texts).length === 0 ? undefined : texts;
}

interface Tags {
  readonly xmp?: string | undefined;
  readonly iptc?: string | undefined;
  readonly exif?: string | undefined;
  readonly comment?: string | undefined;
  readonly png?: string | undefined;
}

async function tagsOf(image: Uint8Array): Promise<Tags> {
  try {
    const bytes = new DataView(image.buffer, image.byteOffset, image.byteLength);
    const { exif, iptc, xmp, pngText } = (await ExifReader.loadView(bytes, {
      expanded: true,
      async: true,
      // It parses XMP, too, of which only the text is used; errors in it are not its caller's.
      domParser: new DOMParser({ onError: () => undefined }),
      includeTags: {
        exif: ['ImageDescription', 'XPComment'],
        iptc: ['Caption/Abstract'],
        xmp: true,
        png: ['Description', 'XML:com.adobe.xmp'],
      },
    })) as unknown as Readonly<Partial<Record<'exif' | 'iptc' | 'xmp' | 'pngText', Readonly<Record<string, unknown>>>>>;
    const inPng = pngText?.['XML:com.adobe.xmp'];
    return {
      xmp: typeof xmp?._raw === 'string' ? xmp._raw : textOf(inPng),
      iptc: textOf(iptc?.['Caption/Abstract']),
      exif: textOf(exif?.ImageDescription),
      comment: textOf(exif?.XPComment),
      png: textOf(pngText?.Description),
    };
  } catch {
    return {}; // Not an image, or damaged: the decoder says what is wrong with it.
  }
}

function textOf(tag: unknown): string | undefined {
  const { description, value } = (tag ?? {}) as { readonly description?: unknown; readonly value?: unknown };
  const text = typeof description === 'string' ? description : value;
  return typeof text === 'string' ? decoded(text).replace(/\0.*$/s, '') : undefined;
}

/** Formats say that such texts are ASCII or Latin-1; most programs write UTF-8. */
function decoded(text: string): string {
  if (!/^[\0-\xff]*[\x80-\xff][\0-\xff]*$/.test(text)) return text;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
  } catch {
    return text;
  }
}

function isOfPerson(text: string): boolean {
  const plain = text.trim();
  return /[\p{L}\p{N}]/u.test(plain) && !CAMERA_TEXT.test(plain);
}
