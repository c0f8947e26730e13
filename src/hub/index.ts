export { checksumMismatch, tooLong } from './content-errors.js';
export type { HubDigest, HubFile } from './hub-file.js';
export { isCommit, isHubId } from './hub-id.js';
export type { Download, HubStore, KeptFile } from './hub-store.js';
export { openHubModel } from './open-hub-model.js';
export { digestOf } from './read-listing.js';
