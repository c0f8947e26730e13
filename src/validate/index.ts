/** The one way to check what comes from outside: options (`OptionReader`) and JSON files (`FieldReader`), in one wording. */
export * as checks from './checks.js';
export { decodeJson } from './decode-json.js';
export { DECODE_OPTIONS, readDecodeOptions } from './decode-options.js';
export { describeValue, tagOf } from './describe-value.js';
export { FieldReader, parseJson } from './field-reader.js';
export { didYouMean } from './nearest-name.js';
export { OptionReader } from './option-reader.js';
