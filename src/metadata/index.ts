export { existingDescription, type ExistingDescription } from './existing-description.js';
export { readSidecar, writeSidecar } from './sidecar.js';
