import { addImages, announcement, leftOut } from '../state/gallery.js';
import { addPhotographs, openReport, report } from '../state/report.js';

/** A file that was dropped, pasted or chosen. */
export interface GivenFile {
  /** Its name, with the folders in which it lies under the one that was chosen. */
  readonly path: string;
  readonly file: File;
}

/** Files that a dialog gives, or the clipboard. */
export function toGivenFiles(files: Iterable<File>): GivenFile[] {
  return [...files].map((file) => {
    const { webkitRelativePath, name } = file;
    const inFolder = webkitRelativePath.slice(webkitRelativePath.indexOf('/') + 1);
    return { path: inFolder === '' ? name : inFolder, file };
  });
}

/** Opens a report, captions images, and names what is neither. The library says best why an image cannot be read. */
export function takeFiles(files: readonly GivenFile[]): void {
  const reports = files.filter(({ file }) => isReport(file));
  const images = files.filter(({ file }) => isImage(file));
  const [first] = reports;
  if (first && images.length === 0) {
    void openReport(first.file);
    return;
  }
  const named = images.map(({ path, file }) => ({ name: path, blob: file }));
  if (report.value) void addPhotographs(named);
  else addImages(named);
  tellLeftOut(files.length, files.length - images.length);
}

function tellLeftOut(all: number, others: number): void {
  const files = all === 1 ? '1 of 1 file' : `${others} of ${all} files`;
  leftOut.value =
    others === 0 ? '' : `${files} ${others === 1 ? 'is not an image and was' : 'are not images and were'} left out.`;
  if (others > 0) announcement.value = leftOut.value;
}

function isReport({ name, type }: File): boolean {
  return type === 'application/json' || type === 'text/html' || /\.(json|html?)$/i.test(name);
}

/** By type, or by name if the browser does not know the type; a file without either may be one, unless it is hidden. */
function isImage({ name, type }: File): boolean {
  if (type.startsWith('image/') || /\.(hei[cf]|avif|jxl|tiff?|bmp)$/i.test(name)) return true;
  return type === '' && !name.includes('.');
}
