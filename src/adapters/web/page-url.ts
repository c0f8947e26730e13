import { InvalidArgumentError } from '../../core/index.js';

/**
 * The address that a text means on this page, or in this worker: a relative one begins where the page's do.
 *
 * @param argument the argument that it comes from, for messages
 * @throws InvalidArgumentError if it is none
 */
export function pageUrl(address: string | URL, argument: string): URL {
  const base = pageAddress();
  const text = String(address);
  if (text !== '' && URL.canParse(text, base)) return new URL(text, base);
  throw new InvalidArgumentError(argument, `"${text}" is not a valid URL.`);
}

/** Whether a page can fetch a URL: of http(s), or of its own scheme, such as an extension's `chrome-extension:`. */
export function isFetchable({ protocol }: URL): boolean {
  if (/^https?:$/.test(protocol)) return true;
  const own = pageAddress();
  return protocol !== 'file:' && own !== undefined && URL.canParse(own) && new URL(own).protocol === protocol;
}

function pageAddress(): string | undefined {
  // Typed as if they were always there; a worker has no document.
  const { document, location } = globalThis as Partial<Pick<Window, 'document' | 'location'>>;
  return document?.baseURI ?? location?.href;
}
