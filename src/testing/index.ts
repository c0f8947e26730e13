export { type ContractCase, ContractError, type ContractOptions } from './contract-case.js';
export { decoderContract, type DecoderContractOptions } from './decoder-contract.js';
export { imageEncoderContract, type ImageEncoderContractOptions } from './image-encoder-contract.js';
export { platformContract, type PlatformContractOptions, type PlatformSample } from './platform-contract.js';
export { RecordingDecoder, type RecordingState } from './recording-decoder.js';
export { TableDecoder, type TableDecoderOptions, type TableState } from './table-decoder.js';
export { tokenizerContract, type TokenizerContractOptions } from './tokenizer-contract.js';
