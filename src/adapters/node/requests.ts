/** How this library calls itself to servers. */
export const USER_AGENT = `captioneer (Node.js ${process.version})`;

/** Variables that name a proxy. */
const PROXY_VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];

/** What to do if a proxy is named that Node's fetch does not use; empty if none is, or it does. */
export function proxyHint(): string {
  const name = PROXY_VARIABLES.find((variable) => (process.env[variable] ?? '') !== '');
  const isUsed = process.env.NODE_USE_ENV_PROXY === '1' || process.execArgv.includes('--use-env-proxy');
  if (name === undefined || isUsed) return '';
  return (
    ` ${name} is set, but Node does not use it by itself: set NODE_USE_ENV_PROXY=1 (Node 22.21, 24 and later), or give the ` +
    'option fetch one that uses the proxy.'
  );
}
