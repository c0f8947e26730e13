import { RuntimeError } from '../../core/index.js';

/** The error for what browsers give to no page that came over plain http from another machine. */
export function insecureContext(what: string): RuntimeError {
  return new RuntimeError(`${what} is there only in secure contexts. Serve the page over https, or from localhost.`);
}
