/** What to do if a browser's fetch fails; it does not tell scripts why. */
export const FETCH_ADVICE =
  "Check the address, the network, that its server lets this page read it (CORS), and the page's Content-Security-Policy.";
