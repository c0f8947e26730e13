import { signal } from '@preact/signals';
import type { ShownReport } from '../report/show-report.js';
import { announcement } from './gallery.js';

/** The report that is open instead of images. */
export const report = signal<(ShownReport & { readonly name: string }) | undefined>(undefined);
/** Why a report could not be opened, or what became of the photographs for it; empty if there is nothing to say. */
export const reportNote = signal('');

/** What shows reports is fetched when it is needed. */
const load = async () => import('../report/show-report.js');

/** Opens a report of `captioneer eval`. */
export async function openReport(file: File): Promise<void> {
  tell('');
  try {
    const shown = await (await load()).openReport(file);
    closeReport();
    report.value = { ...shown, name: file.name };
    announcement.value = `Report ${file.name} opened.`;
  } catch (error) {
    const isKnown = (error as { name?: unknown }).name === 'ReportFileError';
    tell(isKnown ? (error as Error).message : `${file.name} could not be opened. Try again.`);
  }
}

/** Shows images of a folder beside their captions in the report. */
export async function addPhotographs(images: readonly { readonly name: string; readonly blob: Blob }[]): Promise<void> {
  const open = report.value;
  if (!open) return;
  const { data, name } = open;
  const wanted = new Set(data.report.images.map(({ image }) => image));
  const found = images.flatMap(({ name: path, blob }) => {
    const image = [path, baseName(path)].find((known) => wanted.has(known));
    return image === undefined ? [] : [[image, URL.createObjectURL(blob)] as const];
  });
  tell(`${found.length} of ${images.length} images are in this report.`);
  if (found.length === 0) return;
  const thumbnails = { ...data.thumbnails, ...Object.fromEntries(found) };
  const { showReport } = await load();
  report.value = { ...showReport({ ...data, thumbnails }, name), name };
}

/** Goes back to the images. */
export function closeReport(): void {
  for (const url of Object.values(report.value?.data.thumbnails ?? {})) URL.revokeObjectURL(url);
  report.value = undefined;
  tell('');
}

function tell(note: string): void {
  reportNote.value = note;
  if (note !== '') announcement.value = note;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
