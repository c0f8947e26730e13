import { strToU8, zipSync } from 'fflate';
import { items, modelId, type Item } from '../state/gallery.js';

/** How the captions of all images are written. */
export type ListFormat = 'csv' | 'json' | 'zip';

/** Offers the captions of all images by the chosen model as a file. */
export function downloadCaptions(format: ListFormat): void {
  const rows = items.value.map((item) => toRow(item, modelId.value));
  switch (format) {
    case 'json':
      save('captions.json', 'application/json', JSON.stringify(rows, undefined, 2));
      break;
    case 'csv': {
      const lines = rows.map(({ file, caption, altText }) => [file, caption, altText].map(csvField).join(','));
      save('captions.csv', 'text/csv', `file,caption,alt\r\n${lines.join('\r\n')}\r\n`);
      break;
    }
    case 'zip': {
      const files = rows.map(({ file, altText, caption }) => [`${file}.txt`, strToU8(`${altText ?? caption ?? ''}\n`)]);
      save('captions.zip', 'application/zip', zipSync(Object.fromEntries(files) as Record<string, Uint8Array>));
      break;
    }
  }
}

interface Row {
  readonly file: string;
  readonly model: string;
  readonly caption: string | undefined;
  readonly confidence: number | undefined;
  readonly altText: string | undefined;
  readonly error: string | undefined;
}

function toRow({ name, captions, altText }: Item, model: string): Row {
  const captioning = captions[model];
  const result = captioning?.status === 'done' ? captioning.result : undefined;
  return {
    file: name,
    model,
    caption: result?.text,
    confidence: result?.confidence,
    altText,
    error: captioning?.status === 'failed' ? captioning.message : undefined,
  };
}

/** RFC 4180. A field that begins like a formula is quoted text to spreadsheets. */
function csvField(value = ''): string {
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function save(name: string, type: string, content: string | Uint8Array): void {
  const url = URL.createObjectURL(new Blob([content as BlobPart], { type }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
