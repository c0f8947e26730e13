export { ELEMENT_TYPES } from './element-types.js';
export { externalFiles } from './external-files.js';
export type { SplitGraph } from './split-graph.js';
export { bytesAsSource } from './wire-reader.js';
