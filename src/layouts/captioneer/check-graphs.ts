import { ModelMismatchError, type Manifest, type Session } from '../../core/index.js';
import { checkFamily } from './check-family.js';
import { expectShape, findTensor, mismatch } from '../graph-shapes.js';
import { DECODER_NAMES, PIXEL_VALUES, REGION_NAMES } from './names.js';

/**
 * Holds what the manifest says, and what encoder and decoder expect of each other, against the graphs' own metadata.
 *
 * @throws ModelMismatchError which names the graph and tensor, what was expected and what was found
 */
export function checkGraphs(manifest: Manifest, encoder: Session, decoder: Session): void {
  checkEncoder(manifest, encoder);
  checkFamily(manifest, encoder, decoder);
  checkFields(manifest, decoder);
  checkDecoderOutputs(manifest, decoder);
  checkDecoderInputs(manifest, encoder, decoder);
  checkPrefix(manifest, encoder, decoder);
  checkBoxes(manifest, encoder);
}

function checkEncoder(manifest: Manifest, encoder: Session): void {
  const { file } = manifest.graphs.encoder;
  const pixels = findTensor(encoder.inputs, PIXEL_VALUES, file, 'input');
  expectShape(pixels, ['*', 3, manifest.image.height, manifest.image.width], ['float32'], file);
  const others = encoder.inputs.filter((input) => input !== pixels);
  if (others[0]) throw new ModelMismatchError(file, `one input, "${PIXEL_VALUES}"`, `also "${others[0].name}"`);
}

/** The fields of the manifest that say how large something is that only some decoders have. */
function checkFields(manifest: Manifest, decoder: Session): void {
  const has = {
    regions: decoder.outputs.some(({ name }) => name === DECODER_NAMES.attention),
    prefix: decoder.inputs.some(({ name }) => name === DECODER_NAMES.prefix),
  };
  for (const field of ['regions', 'prefix'] as const) {
    if ((manifest[field] !== undefined) === has[field]) continue;
    const [expected, found] = has[field] ? ['a', 'none'] : ['no', 'one'];
    const { file } = manifest.graphs.decoder;
    throw new ModelMismatchError('captioneer.json', `${expected} field "${field}" for this ${file}`, found);
  }
}

function checkDecoderOutputs(manifest: Manifest, decoder: Session): void {
  const { file } = manifest.graphs.decoder;
  const logits = findTensor(decoder.outputs, DECODER_NAMES.logits, file, 'output');
  expectShape(logits, ['*', manifest.vocabularySize], ['float32'], file);
  if (manifest.regions) {
    const attention = findTensor(decoder.outputs, DECODER_NAMES.attention, file, 'output');
    const { rows, columns, boxes } = manifest.regions;
    expectShape(attention, ['*', rows * columns + (boxes?.count ?? 0)], ['float32'], file);
  }
  const summary: readonly string[] = [DECODER_NAMES.logSumExp, DECODER_NAMES.entropy];
  if (!decoder.outputs.some(({ name }) => summary.includes(name))) return;
  for (const name of summary)
    expectShape(findTensor(decoder.outputs, name, file, 'output'), ['*', 1], ['float32'], file);
}

function checkDecoderInputs(manifest: Manifest, encoder: Session, decoder: Session): void {
  const { file } = manifest.graphs.decoder;
  expectShape(findTensor(decoder.inputs, DECODER_NAMES.inputIds, file, 'input'), ['*', '*'], ['int64'], file);
  for (const input of decoder.inputs) {
    if (input.name === DECODER_NAMES.inputIds) continue;
    if (input.name.startsWith(DECODER_NAMES.past)) {
      const name = input.name.slice(DECODER_NAMES.past.length);
      const present = findTensor(decoder.outputs, DECODER_NAMES.present + name, file, 'output');
      expectShape(present, input.dims.map(anyName), [input.type], file);
      const initial = encoder.outputs.find((output) => output.name === DECODER_NAMES.initial + name);
      if (initial) expectShape(initial, input.dims.map(anyName), [input.type], manifest.graphs.encoder.file);
    } else {
      const given = findTensor(encoder.outputs, input.name, manifest.graphs.encoder.file, 'output');
      expectShape(given, input.dims.map(anyName), [input.type], manifest.graphs.encoder.file);
    }
  }
}

function checkPrefix({ prefix, graphs }: Manifest, encoder: Session, decoder: Session): void {
  if (!prefix) return;
  const given = findTensor(encoder.outputs, DECODER_NAMES.prefix, graphs.encoder.file, 'output');
  if (given.dims[1] !== prefix.length || given.dims[2] !== prefix.width) {
    throw mismatch(given, ['*', prefix.length, prefix.width], ['float32'], graphs.encoder.file);
  }
  const taken = findTensor(decoder.inputs, DECODER_NAMES.prefix, graphs.decoder.file, 'input');
  if (typeof taken.dims[1] === 'number' || taken.dims[2] !== prefix.width) {
    throw mismatch(taken, ['*', 'any length', prefix.width], ['float32'], graphs.decoder.file);
  }
}

/** Boxes are shares of the image as it is encoded: they lie in the image as it was given only if that is all of it. */
function checkBoxes({ regions, image, graphs }: Manifest, encoder: Session): void {
  if (!regions?.boxes) return;
  if (image.resize !== 'squash') {
    throw new ModelMismatchError(
      'captioneer.json: image.resize',
      '"squash" for a model with boxes',
      `"${image.resize}"`,
    );
  }
  const { count } = regions.boxes;
  const shapes = { boxes: [1, count, 4], labels: [1, count], scores: [1, count] };
  for (const part of ['boxes', 'labels', 'scores'] as const) {
    const given = findTensor(encoder.outputs, REGION_NAMES[part], graphs.encoder.file, 'output');
    expectShape(given, shapes[part], ['float32'], graphs.encoder.file);
  }
}

function anyName(dim: number | string): number | '*' {
  return typeof dim === 'number' ? dim : '*';
}
