import { lookup, type LookupAddress } from 'node:dns';
import { lookup as lookUp } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import { FetchError } from '../../core/index.js';
import { urlName } from '../../http/index.js';

/**
 * Refuses a URL whose host is, or resolves to, an address that is not public.
 *
 * @throws FetchError
 */
export async function checkPublic(url: URL): Promise<void> {
  const host = hostOf(url);
  const addresses = isIP(host) ? [{ address: host }] : await lookUp(host, { all: true });
  for (const { address } of addresses) if (!isPublicAddress(address)) throw refused(url, address);
}

/**
 * Asks a URL by Node's own `http`, which lets the address be checked that the connection is made to: a name that resolves to a public
 * address when it is checked and to another one when it is used gains nothing. Redirects are the caller's business.
 */
export const publicFetch: typeof fetch = (input, init) => {
  const url = new URL(input instanceof Request ? input.url : input);
  const host = hostOf(url);
  if (isIP(host) && !isPublicAddress(host)) return Promise.reject(refused(url, host));
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const headers = Object.fromEntries(new Headers(init?.headers));
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers, lookup: publicLookup(url), ...(init?.signal && { signal: init.signal }) });
    asked.on('error', reject);
    asked.on('response', (answer) => {
      resolve(responseOf(answer));
    });
    asked.end();
  });
};

/** The host of a URL, an IPv6 address without its brackets. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

/** Resolves a name for a connection; an error if one of its addresses is not public. */
function publicLookup(url: URL): LookupFunction {
  return (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) {
        callback(error, '');
        return;
      }
      const hidden = addresses.find(({ address }) => !isPublicAddress(address));
      if (hidden) callback(refused(url, hidden.address), '');
      else if (options.all) callback(null, addresses);
      else callback(null, addresses[0]!.address, addresses[0]!.family);
    });
  };
}

/** Statuses whose answers have no body; `Response` refuses one. */
const BODILESS: readonly (number | undefined)[] = [204, 205, 304];

function responseOf(answer: IncomingMessage): Response {
  const { statusCode = 500, statusMessage = '', rawHeaders } = answer;
  const headers = new Headers();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) headers.append(rawHeaders[at]!, rawHeaders[at + 1]!);
  const hasBody = !BODILESS.includes(statusCode);
  if (!hasBody) answer.resume();
  const body = hasBody ? (Readable.toWeb(answer) as ReadableStream<Uint8Array>) : null;
  return new Response(body, { status: statusCode, statusText: statusMessage, headers });
}

function refused(url: URL, address: string): FetchError {
  const name = urlName(url);
  return new FetchError(
    name,
    `${name}: its address, ${address}, is not public, and allowPrivateNetworks is false. Give a URL of a public server.`,
  );
}

/** IPv4 networks that are not public (IANA's registry of special-purpose addresses; multicast; reserved). */
const HIDDEN_V4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];

/** Of 2000::/3, the only public network of IPv6, what is not: protocols and tunnels, which hold other addresses; documentation. */
const HIDDEN_V6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

/** Whether an IP address is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  const bare = address.replace(/%.*$/, ''); // without a zone
  switch (isIP(bare)) {
    case 4:
      return !listOf(HIDDEN_V4, 'ipv4').check(bare, 'ipv4');
    case 6:
      return listOf([['2000::', 3]], 'ipv6').check(bare, 'ipv6') && !listOf(HIDDEN_V6, 'ipv6').check(bare, 'ipv6');
    default:
      return false;
  }
}

function listOf(networks: readonly (readonly [string, number])[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const [network, bits] of networks) list.addSubnet(network, bits, family);
  return list;
}
