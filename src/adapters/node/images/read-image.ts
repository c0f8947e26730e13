import {
  explained,
  readImage as readEncoded,
  readingOf,
  type ReadImageOptions,
} from '../../shared/images/read-image.js';
import type { EncodedSource } from '../../shared/images/image-source.js';
import { explainFileError, readFile } from '../files/read-file.js';
import { proxyHint, USER_AGENT } from '../requests.js';
import type { FileSource } from './image-source.js';

/**
 * The bytes of an image file, on the disk or elsewhere.
 *
 * @param allowPrivateNetworks whether a URL may lead to addresses that are not public
 * @throws ImageUnreadableError, FetchError, or the abort reason
 */
export async function readImage(
  source: EncodedSource | FileSource,
  options: ReadImageOptions,
  allowPrivateNetworks: boolean,
): Promise<Uint8Array> {
  const { timeoutMs, signal } = options;
  if (source.kind === 'file') {
    const { path, name } = source;
    const reading = { ...readingOf(name, options), pipeTimeoutMs: timeoutMs };
    return explained(readFile(path, reading), name, signal, explainFileError);
  }
  const network = {
    headers: { 'user-agent': USER_AGENT },
    advice: `Check the address and the network.${proxyHint()}`,
    ...(!allowPrivateNetworks && (await publicOnly(options.fetch))),
  };
  return readEncoded(source, { ...options, ...network });
}

/** Loaded when it is needed: Node's modules for networks take longer to load than a file takes to read. */
async function publicOnly(fetch: typeof globalThis.fetch | undefined) {
  const { checkPublic, publicFetch } = await import('../public-network.js');
  return { fetch: fetch ?? publicFetch, redirects: 'library' as const, checkAddress: checkPublic };
}
