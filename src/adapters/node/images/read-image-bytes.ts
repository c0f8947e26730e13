import { OptionReader } from '../../../validate/index.js';
import { resolveDecodeOptions } from '../../shared/images/decode-options.js';
import type { EncodedSource } from '../../shared/images/image-source.js';
import { PLATFORM_OPTIONS, resolvePlatformOptions } from '../../shared/platform-options.js';
import type { FileSource } from './image-source.js';
import { readImage } from './read-image.js';

/** How the bytes of one image are read. */
interface ReadBytesOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * The bytes of an image file under the limits that a platform without options has, for what looks into the file itself.
 *
 * @throws ImageUnreadableError, FetchError, or the abort reason
 */
export function readImageBytes(
  source: EncodedSource | FileSource,
  options: ReadBytesOptions = {},
): Promise<Uint8Array> {
  const { limits, fetch } = resolvePlatformOptions(new OptionReader({}, PLATFORM_OPTIONS, { of: 'captioneer' }));
  const { maxImageBytes, allowPrivateNetworks } = limits;
  return readImage(source, { ...resolveDecodeOptions(options, fetch), maxBytes: maxImageBytes }, allowPrivateNetworks);
}
