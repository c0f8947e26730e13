import { int64Tensor, ModelMismatchError, type Tensor } from '../../core/index.js';
import { expectShape, findTensor } from '../graph-shapes.js';
import type { LoadedGraph } from './public-layout.js';

/** The names of the input and output of a graph that looks tokens up, as published exports have them. */
const NAMES = { inputIds: 'input_ids', inputsEmbeds: 'inputs_embeds' } as const;

/** The vectors of tokens, from a graph of their own (`embed_tokens`), for graphs that take vectors in the place of ids. */
export class TokenEmbeddings {
  readonly #graph: LoadedGraph;
  readonly #width: number;

  /**
   * @param width numbers in a vector
   * @throws ModelMismatchError if the graph is another one
   */
  constructor(graph: LoadedGraph, width: number) {
    this.#graph = graph;
    this.#width = width;
    const { file, session } = graph;
    expectShape(findTensor(session.inputs, NAMES.inputIds, file, 'input'), ['*', '*'], ['int64'], file);
    const found = findTensor(session.outputs, NAMES.inputsEmbeds, file, 'output');
    expectShape(found, ['*', '*', width], ['float32', 'float16'], file);
  }

  /**
   * Looks tokens up.
   *
   * @param tokenIds row after row
   * @param dims `[rows, length]`
   * @returns `[rows, length, width]`
   * @throws ModelMismatchError if the graph gives another shape
   */
  async embed(tokenIds: readonly number[], dims: readonly [number, number]): Promise<Tensor> {
    const { file, session } = this.#graph;
    const feeds = { [NAMES.inputIds]: int64Tensor(BigInt64Array.from(tokenIds, BigInt), dims) };
    const { [NAMES.inputsEmbeds]: found } = await session.run(feeds, [NAMES.inputsEmbeds]);
    const expected = [...dims, this.#width].join(', ');
    const shape = found?.dims.join(', ') ?? '';
    if (found && shape === expected) return found;
    throw new ModelMismatchError(`${file}: ${NAMES.inputsEmbeds}`, `[${expected}]`, `[${shape}]`);
  }
}
