export { externalFiles } from './external-files.js';
export { bytesAsSource, type ByteSource } from './wire-reader.js';
