import { fileURLToPath } from 'node:url';

/** The path of this code, in the sources or in a bundle. */
export function thisFile(): string {
  // A CommonJS bundle has no import.meta.url, but __filename.
  const url = import.meta.url as string | undefined;
  return url === undefined ? __filename : fileURLToPath(url);
}
