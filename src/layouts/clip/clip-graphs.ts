import {
  int64Tensor,
  ModelMismatchError,
  zeros,
  type NamedTensors,
  type Session,
  type Tensor,
  type TensorInfo,
} from '../../core/index.js';
import { castFloats } from '../../numerics/float16.js';
import { expectShape, findTensor } from '../graph-shapes.js';
import { checkNoOthers } from '../public/check-merged-decoder.js';
import type { LoadedGraph } from '../public/public-layout.js';
import type { ClipConfig } from './config.js';

/** Sets of graphs that a CLIP is published as: one for each tower, or one for both. */
export const CLIP_GRAPH_SETS = [['text_model', 'vision_model'], ['model']] as const;

const PIXEL_VALUES = 'pixel_values';
const INPUT_IDS = 'input_ids';
const ATTENTION_MASK = 'attention_mask';
const IMAGE_EMBEDS = 'image_embeds';
const TEXT_EMBEDS = 'text_embeds';
const FLOATS = ['float32', 'float16'] as const;

/** The two towers of a CLIP, in one graph or in two. */
export class ClipGraphs {
  readonly #config: ClipConfig;
  readonly #vision: LoadedGraph;
  readonly #text: LoadedGraph;

  /**
   * Compares the graphs with the configuration.
   *
   * @param graphs by the names of one of {@link CLIP_GRAPH_SETS}
   * @throws ModelMismatchError
   */
  constructor(config: ClipConfig, graphs: Readonly<Record<string, LoadedGraph>>) {
    this.#config = config;
    this.#vision = (graphs.vision_model ?? graphs.model) as LoadedGraph;
    this.#text = (graphs.text_model ?? graphs.model) as LoadedGraph;
    const { image, width } = config;
    for (const { file, session } of new Set([this.#vision, this.#text])) {
      checkNoOthers(session.inputs, [PIXEL_VALUES, INPUT_IDS, ATTENTION_MASK], file);
    }
    const pixels = findTensor(this.#vision.session.inputs, PIXEL_VALUES, this.#vision.file, 'input');
    expectShape(pixels, ['*', 3, image.height, image.width], FLOATS, this.#vision.file);
    expectShape(
      findTensor(this.#text.session.inputs, INPUT_IDS, this.#text.file, 'input'),
      ['*', '*'],
      ['int64'],
      this.#text.file,
    );
    for (const [{ file, session }, name] of [
      [this.#vision, IMAGE_EMBEDS],
      [this.#text, TEXT_EMBEDS],
    ] as const) {
      expectShape(findTensor(session.outputs, name, file, 'output'), ['*', width], FLOATS, file);
    }
  }

  /**
   * The embedding of an image, as the graph gives it: from one graph for both towers its length is 1.
   *
   * @param pixelValues `[1, 3, H, W]`
   */
  async embedImage(pixelValues: Tensor<'float32'>): Promise<Float32Array> {
    return this.#embed(this.#vision, IMAGE_EMBEDS, { pixelValues });
  }

  /**
   * The embedding of a text.
   *
   * @param ids with start and end, at most `maxPositions`
   */
  async embedText(ids: readonly number[]): Promise<Float32Array> {
    return this.#embed(this.#text, TEXT_EMBEDS, { ids });
  }

  async #embed({ file, session }: LoadedGraph, output: string, given: Given): Promise<Float32Array> {
    const feeds = Object.fromEntries(session.inputs.map((input) => [input.name, this.#feed(input, session, given)]));
    const { [output]: embedding } = await session.run(feeds, [output]);
    if (embedding?.dims.length !== 2 || embedding.dims[0] !== 1 || embedding.dims[1] !== this.#config.width) {
      throw new ModelMismatchError(`${file}: ${output}`, `[1, ${this.#config.width}]`, `[${String(embedding?.dims)}]`);
    }
    return castFloats(embedding, 'float32').data as Float32Array;
  }

  /** What one input is given. A graph for both towers wants both: the other one gets a black image, or a text of one token. */
  #feed({ name, type }: TensorInfo, session: Session, { pixelValues, ids = [0] }: Given): NamedTensors[string] {
    const { height, width } = this.#config.image;
    if (name === PIXEL_VALUES) return castFloats(pixelValues ?? zeros('float32', [1, 3, height, width]), type);
    const length = lengthOf(session, ids);
    // A graph for texts of one length: what comes after the end has no effect on what came before it.
    const padded = Array.from({ length }, (_, at) => ids[at] ?? (ids.at(-1) as number));
    const values = name === INPUT_IDS ? padded : padded.map((_, at) => (at < ids.length ? 1 : 0));
    return int64Tensor(BigInt64Array.from(values, BigInt), [1, length]);
  }
}

interface Given {
  readonly pixelValues?: Tensor<'float32'>;
  readonly ids?: readonly number[];
}

/** The number of tokens that a graph takes: any, or always the same. */
function lengthOf({ inputs }: Session, ids: readonly number[]): number {
  const fixed = inputs.find(({ name }) => name === INPUT_IDS)?.dims[1];
  return typeof fixed === 'number' ? fixed : ids.length;
}
