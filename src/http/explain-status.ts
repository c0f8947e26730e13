/** What an HTTP status that is an error means, and what to do about it. */
export function explainStatus({ status, headers }: Response): string {
  switch (status) {
    case 401:
    case 407:
      return 'the server asks for credentials. Give a fetch of your own that sends them.';
    case 403:
      return 'the server does not allow access. A signed link may have expired.';
    case 404:
    case 410:
      return 'the file does not exist. Check the address.';
    case 408:
      return 'the server waited too long for the request. Try again.';
    case 429:
      return `the server has had too many requests. ${tryAgain(headers)}`;
    default:
      if (status >= 500) return `the server has an error of its own. ${tryAgain(headers)}`;
      return 'the server refused the request. Check the address.';
  }
}

/** When to try again, as the server says. */
export function tryAgain(headers: Headers): string {
  const waitMs = retryAfterMs(headers);
  return waitMs === undefined ? 'Try again later.' : `Try again after ${Math.ceil(waitMs / 1000)} s.`;
}

/** The header `Retry-After` in milliseconds, a number of seconds or a date; undefined if there is none that can be read. */
export function retryAfterMs(headers: Headers): number | undefined {
  const value = headers.get('retry-after')?.trim() ?? '';
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(date - Date.now(), 0);
}
