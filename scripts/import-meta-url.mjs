// What `import.meta.url` becomes in the CommonJS files (tsup.config.ts). Not asked of `document`, which is there in Electron's
// preload scripts and in jsdom, too, and tells the address of the page.
/* global __filename */
import { pathToFileURL } from 'node:url';

export const importMetaUrl = /* @__PURE__ */ pathToFileURL(__filename).href;
