import { fileURLToPath } from 'node:url';

/** The path of this code, in the sources or in a bundle. */
export function thisFile(): string {
  // An application's bundler may have turned it into CommonJS: then there is no import.meta.url, but __filename.
  const url = import.meta.url as string | undefined;
  return url === undefined ? __filename : fileURLToPath(url);
}
