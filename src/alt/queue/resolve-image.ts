import { stat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReviewReason } from './queue.js';

/** Where the file of an image is, or why there is none. */
export type ResolvedImage =
  | { readonly path: string }
  | { readonly bytes: Uint8Array }
  | { readonly reason: ReviewReason; readonly problem: string };

/** Where sites keep what is served from `/`. */
export const DEFAULT_ROOTS: readonly string[] = ['public', 'static', 'src', 'assets', '.'];

/**
 * Finds the image that a source file names: beside the file, or, if its path begins with `/`, `@/` or `~/`, in one of the roots. Images
 * behind http(s) are not fetched.
 *
 * @param file path of the source file
 * @param src as the file has it; undefined if it is computed
 * @param roots folders, in the order in which they are tried
 */
export async function resolveImage(
  file: string,
  src: string | undefined,
  roots: readonly string[],
): Promise<ResolvedImage> {
  if (src === undefined) {
    return { reason: 'computed-source', problem: 'The name of the image is only known when the page is made.' };
  }
  if (/^data:/i.test(src)) return ofDataUrl(src);
  if (/^(?:https?:)?\/\//i.test(src)) {
    return { reason: 'remote-image', problem: 'The image is behind a URL; images are not fetched.' };
  }
  for (const path of candidates(file, src, roots)) {
    if ((await stat(path).catch(() => undefined))?.isFile()) return { path: path.replaceAll('\\', '/') };
  }
  const advice = src.startsWith('/')
    ? 'Name the folder that "/" stands for with --root.'
    : 'It is looked for beside the source file; name another folder with --root.';
  return { reason: 'image-not-found', problem: `There is no file "${src}". ${advice}` };
}

function candidates(file: string, src: string, roots: readonly string[]): string[] {
  if (/^file:/i.test(src)) return URL.canParse(src) ? [fileURLToPath(src)] : [];
  const plain = src.replace(/[?#].*$/, '');
  const names = [...new Set([decoded(plain), plain, src])].filter((name) => name !== '');
  return names.flatMap((name) => {
    const fromRoot = /^(?:[@~]?\/)+(.*)$/.exec(name)?.[1];
    if (fromRoot !== undefined) return roots.map((root) => join(root, fromRoot));
    return [isAbsolute(name) ? name : join(dirname(file), name), ...roots.map((root) => join(root, name))];
  });
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function ofDataUrl(src: string): ResolvedImage {
  const [, base64, content] = /^data:[^,]*?(;base64)?,(.*)$/is.exec(src) ?? [];
  if (content === undefined) return { reason: 'unreadable-image', problem: 'The data URL is not complete.' };
  return { bytes: Buffer.from(decoded(content), base64 === undefined ? 'utf8' : 'base64') };
}
