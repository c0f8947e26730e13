import { RuntimeError } from '../../core/index.js';

/** What to do if a browser's fetch fails; it does not tell scripts why. */
export const FETCH_ADVICE =
  "Check the address, the network, that its server lets this page read it (CORS), and the page's Content-Security-Policy.";

/** The error for what browsers give to no page that came over plain http from another machine. */
export function insecureContext(what: string): RuntimeError {
  return new RuntimeError(`${what} is there only in secure contexts. Serve the page over https, or from localhost.`);
}
