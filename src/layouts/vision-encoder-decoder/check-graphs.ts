import { ModelMismatchError, type ImageSpec, type Session } from '../../core/index.js';
import { expectShape, findTensor } from '../graph-shapes.js';
import { checkMergedDecoder, checkNoOthers } from '../public/check-merged-decoder.js';
import type { LoadedGraph } from '../public/public-layout.js';
import type { CheckpointConfig, EncoderConfig } from './config.js';
import { ENCODER_NAMES } from './hidden-state-encoder.js';

const FLOATS = ['float32', 'float16'] as const;

/**
 * Holds what the configurations say against each other and against the graphs' own metadata.
 *
 * @throws ModelMismatchError which names the part, what was expected and what was found
 */
export function checkCheckpoint(
  { encoder, decoder }: CheckpointConfig,
  image: ImageSpec,
  graphs: { readonly encoder: LoadedGraph; readonly decoder: LoadedGraph },
): void {
  checkImageSize(encoder, image);
  checkEncoder(encoder, graphs.encoder.file, graphs.encoder.session);
  const expected = { ...decoder, encoderWidth: encoder.width };
  checkMergedDecoder(expected, graphs.decoder);
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
