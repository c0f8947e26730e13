import { fileURLToPath } from 'node:url';
import { InvalidArgumentError } from '../../../core/index.js';
import type { FilePath } from './read-file.js';

/**
 * The path of a `file:` URL. Names that are not UTF-8 are percent-encoded in it, byte by byte.
 *
 * @throws InvalidArgumentError if it has none, as `file://host/x` on Linux
 */
export function pathOfUrl(url: URL, argument: string): FilePath {
  try {
    return bytesOfPath(url) ?? fileURLToPath(url);
  } catch (cause) {
    throw new InvalidArgumentError(argument, `${url.href} names no local file: ${(cause as Error).message}.`);
  }
}

/** The bytes of a path that is not UTF-8; undefined for every other, and on Windows, where there are none. */
function bytesOfPath({ pathname, host }: URL): Buffer | undefined {
  if (process.platform === 'win32' || host !== '' || /%2f/i.test(pathname)) return undefined;
  const binary = pathname.replace(/%([0-9a-f]{2})/gi, (_escape, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  const bytes = Buffer.from(binary, 'latin1');
  return Buffer.from(bytes.toString('utf8')).equals(bytes) ? undefined : bytes;
}

/** The `file:` URL of a path in bytes, which {@link pathOfUrl} reads. */
export function urlOfPath(path: Buffer): URL {
  const escaped = Array.from(path, (byte) => {
    const character = String.fromCharCode(byte);
    return /[\w./~-]/.test(character) ? character : `%${byte.toString(16).padStart(2, '0').toUpperCase()}`;
  });
  return new URL(`file://${escaped.join('')}`);
}
