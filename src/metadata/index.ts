export { existingDescription, type DescriptionField, type ExistingDescription } from './existing-description.js';
export { readSidecar, writeSidecar } from './sidecar.js';
