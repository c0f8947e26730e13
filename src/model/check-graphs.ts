import { ModelMismatchError, type Manifest, type Session, type TensorInfo } from '../core/index.js';
import { DECODER_NAMES } from '../decoders/graph-decoder.js';
import { PIXEL_VALUES } from '../encoders/graph-encoder.js';
import { checkFamily } from './check-family.js';

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
}

function checkEncoder(manifest: Manifest, encoder: Session): void {
  const { file } = manifest.graphs.encoder;
  const pixels = find(encoder.inputs, PIXEL_VALUES, file, 'input');
  expectShape(pixels, ['*', 3, manifest.image.height, manifest.image.width], 'float32', file);
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
  const logits = find(decoder.outputs, DECODER_NAMES.logits, file, 'output');
  expectShape(logits, ['*', manifest.vocabularySize], 'float32', file);
  if (manifest.regions) {
    const attention = find(decoder.outputs, DECODER_NAMES.attention, file, 'output');
    expectShape(attention, ['*', manifest.regions.rows * manifest.regions.columns], 'float32', file);
  }
}

function checkDecoderInputs(manifest: Manifest, encoder: Session, decoder: Session): void {
  const { file } = manifest.graphs.decoder;
  expectShape(find(decoder.inputs, DECODER_NAMES.inputIds, file, 'input'), ['*', '*'], 'int64', file);
  for (const input of decoder.inputs) {
    if (input.name === DECODER_NAMES.inputIds) continue;
    if (input.name.startsWith(DECODER_NAMES.past)) {
      const name = input.name.slice(DECODER_NAMES.past.length);
      const present = find(decoder.outputs, DECODER_NAMES.present + name, file, 'output');
      expectShape(present, input.dims.map(anyName), input.type, file);
      const initial = encoder.outputs.find((output) => output.name === DECODER_NAMES.initial + name);
      if (initial) expectShape(initial, input.dims.map(anyName), input.type, manifest.graphs.encoder.file);
    } else {
      const given = find(encoder.outputs, input.name, manifest.graphs.encoder.file, 'output');
      expectShape(given, input.dims.map(anyName), input.type, manifest.graphs.encoder.file);
    }
  }
}

function checkPrefix({ prefix, graphs }: Manifest, encoder: Session, decoder: Session): void {
  if (!prefix) return;
  const given = find(encoder.outputs, DECODER_NAMES.prefix, graphs.encoder.file, 'output');
  if (given.dims[1] !== prefix.length || given.dims[2] !== prefix.width) {
    throw mismatch(given, ['*', prefix.length, prefix.width], 'float32', graphs.encoder.file);
  }
  const taken = find(decoder.inputs, DECODER_NAMES.prefix, graphs.decoder.file, 'input');
  if (typeof taken.dims[1] === 'number' || taken.dims[2] !== prefix.width) {
    throw mismatch(taken, ['*', 'any length', prefix.width], 'float32', graphs.decoder.file);
  }
}

function anyName(dim: number | string): number | '*' {
  return typeof dim === 'number' ? dim : '*';
}

function find(infos: readonly TensorInfo[], name: string, file: string, kind: 'input' | 'output'): TensorInfo {
  const info = infos.find((candidate) => candidate.name === name);
  if (info === undefined) {
    throw new ModelMismatchError(
      file,
      `an ${kind} "${name}"`,
      infos.map((candidate) => `"${candidate.name}"`).join(', '),
    );
  }
  return info;
}

/** A size that either side leaves open fits every size. */
function expectShape(info: TensorInfo, dims: readonly (number | '*')[], type: string, file: string): void {
  const fits =
    info.type === type &&
    info.dims.length === dims.length &&
    dims.every((dim, axis) => dim === '*' || typeof info.dims[axis] === 'string' || info.dims[axis] === dim);
  if (!fits) throw mismatch(info, dims, type, file);
}

function mismatch(
  info: TensorInfo,
  dims: readonly (number | string)[],
  type: string,
  file: string,
): ModelMismatchError {
  const found = `${info.type} [${info.dims.join(', ')}]`;
  return new ModelMismatchError(`${file}: ${info.name}`, `${type} [${dims.join(', ')}]`, found);
}
