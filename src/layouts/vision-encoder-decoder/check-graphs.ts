import { ModelMismatchError, type ImageSpec, type Session, type TensorInfo } from '../../core/index.js';
import { expectShape, findTensor } from '../graph-shapes.js';
import type { CheckpointConfig, DecoderConfig, EncoderConfig } from './config.js';
import { ENCODER_NAMES, isOfThePicture, MERGED_NAMES, presentName } from './names.js';

const FLOATS = ['float32', 'float16'] as const;

/** Inputs of a merged decoder beside its caches. */
const DECODER_INPUTS: readonly string[] = [
  MERGED_NAMES.inputIds,
  MERGED_NAMES.hiddenStates,
  MERGED_NAMES.useCache,
  MERGED_NAMES.attentionMask,
  MERGED_NAMES.encoderAttentionMask,
  MERGED_NAMES.positionIds,
];

/**
 * Holds what the configurations say against each other and against the graphs' own metadata.
 *
 * @throws ModelMismatchError which names the part, what was expected and what was found
 */
export function checkCheckpoint(
  { encoder, decoder }: CheckpointConfig,
  image: ImageSpec,
  files: { readonly encoder: string; readonly decoder: string },
  sessions: { readonly encoder: Session; readonly decoder: Session },
): void {
  checkImageSize(encoder, image);
  checkEncoder(encoder, files.encoder, sessions.encoder);
  checkDecoder(encoder, decoder, files.decoder, sessions.decoder);
}

/** Swin alone takes pictures of any size. */
function checkImageSize({ type, imageSize: [height, width] }: EncoderConfig, image: ImageSpec): void {
  if (type === 'swin' || (image.height === height && image.width === width)) return;
  const found = `pictures of ${image.height}×${image.width}`;
  const expected = `pictures of ${height}×${width}, as encoder.image_size in config.json says`;
  throw new ModelMismatchError('preprocessor_config.json', expected, found);
}

function checkEncoder({ type, width, length, imageSize }: EncoderConfig, file: string, session: Session): void {
  const pixels = findTensor(session.inputs, ENCODER_NAMES.pixelValues, file, 'input');
  expectShape(pixels, ['*', 3, ...imageSize], FLOATS, file);
  checkNoOthers(session.inputs, [ENCODER_NAMES.pixelValues], file);
  const hidden = findTensor(session.outputs, ENCODER_NAMES.lastHiddenState, file, 'output');
  expectShape(hidden, ['*', type === 'swin' ? '*' : length, width], FLOATS, file);
}

function checkDecoder(encoder: EncoderConfig, decoder: DecoderConfig, file: string, session: Session): void {
  const input = (name: string): TensorInfo => findTensor(session.inputs, name, file, 'input');
  expectShape(input(MERGED_NAMES.inputIds), ['*', '*'], ['int64'], file);
  expectShape(input(MERGED_NAMES.hiddenStates), ['*', '*', encoder.width], FLOATS, file);
  const logits = findTensor(session.outputs, MERGED_NAMES.logits, file, 'output');
  expectShape(logits, ['*', '*', decoder.vocabularySize], FLOATS, file);
  const caches = session.inputs.filter(({ name }) => name.startsWith(MERGED_NAMES.past));
  checkNoOthers(session.inputs, [...DECODER_INPUTS, ...caches.map(({ name }) => name)], file);
  for (const cache of caches) {
    expectShape(cache, ['*', decoder.numHeads, '*', decoder.headWidth], FLOATS, file);
    findTensor(session.outputs, presentName(cache.name), file, 'output');
  }
  const numLayers = caches.filter(({ name }) => name.endsWith('.key') && !isOfThePicture(name)).length;
  if (numLayers !== decoder.numLayers) {
    throw new ModelMismatchError(file, `caches of ${decoder.numLayers} layers, as config.json says`, `${numLayers}`);
  }
}

function checkNoOthers(inputs: readonly TensorInfo[], known: readonly string[], file: string): void {
  const other = inputs.find(({ name }) => !known.includes(name));
  if (other) throw new ModelMismatchError(file, `inputs among ${known.join(', ')}`, `also "${other.name}"`);
}
