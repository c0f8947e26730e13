import { ModelMismatchError, type TensorInfo } from '../../core/index.js';
import { expectShape, findTensor } from '../graph-shapes.js';
import type { MergedSizes } from './merged-decoder.js';
import { isOfTheImage, MERGED_NAMES, presentName } from './merged-names.js';
import type { LoadedGraph } from './public-layout.js';

const FLOATS = ['float32', 'float16'] as const;

/** Inputs of a merged decoder beside its caches, and beside its tokens. */
const INPUTS: readonly string[] = [
  MERGED_NAMES.hiddenStates,
  MERGED_NAMES.useCache,
  MERGED_NAMES.attentionMask,
  MERGED_NAMES.encoderAttentionMask,
  MERGED_NAMES.positionIds,
  MERGED_NAMES.numLogits,
];

/** What a configuration says of a merged decoder. */
export interface MergedExpectation extends MergedSizes {
  readonly numLayers: number;
  /** Numbers in a vector that the encoder gives. */
  readonly encoderWidth: number;
  /** Numbers in a token's vector, for a graph that takes tokens as vectors; undefined for one that takes ids. */
  readonly embeddingWidth?: number;
}

/**
 * Compares what the configuration says of a merged decoder with the graph's own metadata.
 *
 * @throws ModelMismatchError which names the part, what was expected and what was found
 */
export function checkMergedDecoder(expected: MergedExpectation, { file, session, imagePart }: LoadedGraph): void {
  const { encoderWidth, embeddingWidth, vocabularySize, numHeads, headWidth, numLayers } = expected;
  const inputs = [...session.inputs, ...(imagePart?.inputs ?? [])];
  const input = (name: string): TensorInfo => findTensor(inputs, name, file, 'input');
  const tokens = embeddingWidth === undefined ? MERGED_NAMES.inputIds : MERGED_NAMES.inputsEmbeds;
  if (embeddingWidth === undefined) expectShape(input(tokens), ['*', '*'], ['int64'], file);
  else expectShape(input(tokens), ['*', '*', embeddingWidth], FLOATS, file);
  expectShape(input(MERGED_NAMES.hiddenStates), ['*', '*', encoderWidth], FLOATS, file);
  const logits = findTensor(session.outputs, MERGED_NAMES.logits, file, 'output');
  expectShape(logits, ['*', '*', vocabularySize], FLOATS, file);
  const caches = session.inputs.filter(({ name }) => name.startsWith(MERGED_NAMES.past));
  const between = imagePart?.outputs ?? [];
  checkNoOthers(session.inputs, [tokens, ...INPUTS, ...[...caches, ...between].map(({ name }) => name)], file);
  // Those that the first part gives are not given back.
  const given = caches.filter(({ name }) => !between.some((output) => output.name === name));
  for (const cache of given) {
    expectShape(cache, ['*', numHeads, '*', headWidth], FLOATS, file);
    findTensor(session.outputs, presentName(cache.name), file, 'output');
  }
  const found = caches.filter(({ name }) => name.endsWith('.key') && !isOfTheImage(name)).length;
  if (found !== numLayers) {
    throw new ModelMismatchError(file, `caches of ${numLayers} layers, as config.json says`, `${found}`);
  }
}

/** @throws ModelMismatchError if a graph has an input beside those that are known */
export function checkNoOthers(inputs: readonly TensorInfo[], known: readonly string[], file: string): void {
  const other = inputs.find(({ name }) => !known.includes(name));
  if (other) throw new ModelMismatchError(file, `inputs among ${known.join(', ')}`, `also "${other.name}"`);
}
