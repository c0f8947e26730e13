import { fileURLToPath } from 'node:url';

/** The path of a picture of the documentation. */
export function picture(name: string): string {
  return fileURLToPath(new URL(`../../docs/images/${name}.jpg`, import.meta.url));
}
