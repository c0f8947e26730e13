import {
  elementCount,
  int64Tensor,
  ModelMismatchError,
  type EncodedImage,
  type ImageEncoder,
  type Tensor,
  type Tokenizer,
} from '../../core/index.js';
import { castFloats } from '../../numerics/float16.js';
import { concatRows } from '../../numerics/gather-rows.js';
import { expectShape, findTensor } from '../graph-shapes.js';
import { checkNoOthers } from '../public/check-merged-decoder.js';
import type { LoadedGraph } from '../public/public-layout.js';
import type { TokenEmbeddings } from '../public/token-embeddings.js';
import type { Florence2Config } from './config.js';

/** The names of the graphs' inputs and outputs, as published exports have them. */
const NAMES = {
  pixelValues: 'pixel_values',
  imageFeatures: 'image_features',
  inputsEmbeds: 'inputs_embeds',
  attentionMask: 'attention_mask',
  lastHiddenState: 'last_hidden_state',
} as const;
const FLOATS = ['float32', 'float16'] as const;
/** BART's tokens around a text. */
const [START, END] = ['<s>', '</s>'] as const;

/** What the encoder is made of. */
export interface PromptedEncoderParts {
  readonly vision: LoadedGraph;
  readonly encoder: LoadedGraph;
  readonly embeddings: TokenEmbeddings;
  readonly tokenizer: Tokenizer;
  readonly config: Pick<Florence2Config, 'width' | 'maxPositions'>;
  /** Height and width of images in pixels. */
  readonly imageSize: readonly [number, number];
  /** What the model is asked for if a call does not say. */
  readonly defaultPrompt: string;
}

/**
 * The encoder of Florence-2: a vision encoder gives features of the image, a text encoder reads them and then the prompt, as one
 * sequence.
 */
export class PromptedEncoder implements ImageEncoder {
  readonly #parts: PromptedEncoderParts;

  /** @throws ModelMismatchError if a graph, or the tokenizer, is another one */
  constructor(parts: PromptedEncoderParts) {
    this.#parts = parts;
    checkVision(parts);
    checkEncoder(parts);
    for (const token of [START, END]) {
      const { length } = parts.tokenizer.encode(token);
      if (length !== 1) throw new ModelMismatchError('tokenizer.json', `a token "${token}"`, `${length} tokens for it`);
    }
  }

  async encode(pixelValues: Tensor<'float32'>, prompt: string = this.#parts.defaultPrompt): Promise<EncodedImage> {
    const { encoder, config } = this.#parts;
    const [image, text] = [await this.#features(pixelValues), await this.#embed(prompt)];
    const length = (image.dims[1] as number) + (text.dims[1] as number);
    if (length > config.maxPositions) {
      const expected = `at most ${config.maxPositions} vectors of image and prompt, as config.json says`;
      throw new ModelMismatchError(
        encoder.file,
        expected,
        `${image.dims[1]} of the image and ${text.dims[1]} of the prompt`,
      );
    }
    const type = typeOf(encoder, NAMES.inputsEmbeds);
    const both = concatRows([castFloats(image, type), castFloats(text, type)].map(withoutBatch)); // [length, width]
    const feeds: Record<string, Tensor> = {
      [NAMES.inputsEmbeds]: { ...both, dims: [1, length, config.width] },
      [NAMES.attentionMask]: int64Tensor(new BigInt64Array(length).fill(1n), [1, length]),
    };
    const listed = Object.entries(feeds).filter(([name]) =>
      encoder.session.inputs.some((input) => input.name === name),
    );
    const outputs = await encoder.session.run(Object.fromEntries(listed), [NAMES.lastHiddenState]);
    return {
      [NAMES.lastHiddenState]: expectDims(outputs, NAMES.lastHiddenState, [1, length, config.width], encoder.file),
    };
  }

  /** Features of the image: `[1, number, width]`, the mean of all first. */
  async #features(pixelValues: Tensor<'float32'>): Promise<Tensor> {
    const { vision, config } = this.#parts;
    const feeds = { [NAMES.pixelValues]: castFloats(pixelValues, typeOf(vision, NAMES.pixelValues)) };
    const outputs = await vision.session.run(feeds, [NAMES.imageFeatures]);
    const length = outputs[NAMES.imageFeatures]?.dims[1] ?? 0;
    return expectDims(outputs, NAMES.imageFeatures, [1, length, config.width], vision.file);
  }

  /** The prompt between start and end: `[1, tokens, width]`. */
  #embed(prompt: string): Promise<Tensor> {
    const { tokenizer, embeddings } = this.#parts;
    const ids = [START, prompt, END].flatMap((text) => tokenizer.encode(text));
    return embeddings.embed(ids, [1, ids.length]);
  }
}

function checkVision({ vision: { file, session }, config, imageSize }: PromptedEncoderParts): void {
  const pixels = findTensor(session.inputs, NAMES.pixelValues, file, 'input');
  expectShape(pixels, ['*', 3, ...imageSize], FLOATS, file);
  checkNoOthers(session.inputs, [NAMES.pixelValues], file);
  const features = findTensor(session.outputs, NAMES.imageFeatures, file, 'output');
  expectShape(features, ['*', '*', config.width], FLOATS, file);
}

function checkEncoder({ encoder: { file, session }, config }: PromptedEncoderParts): void {
  const embeds = findTensor(session.inputs, NAMES.inputsEmbeds, file, 'input');
  expectShape(embeds, ['*', '*', config.width], FLOATS, file);
  checkNoOthers(session.inputs, [NAMES.inputsEmbeds, NAMES.attentionMask], file);
  const hidden = findTensor(session.outputs, NAMES.lastHiddenState, file, 'output');
  expectShape(hidden, ['*', '*', config.width], FLOATS, file);
}

function typeOf({ session, file }: LoadedGraph, input: string): string {
  return findTensor(session.inputs, input, file, 'input').type;
}

/** `[1, length, width]` as `[length, width]` */
function withoutBatch(tensor: Tensor): Tensor {
  return { ...tensor, dims: tensor.dims.slice(1) };
}

function expectDims(
  outputs: Readonly<Record<string, Tensor>>,
  name: string,
  dims: readonly number[],
  file: string,
): Tensor {
  const found = outputs[name];
  if (found && String(found.dims) === String(dims) && elementCount(dims) > 0) return found;
  throw new ModelMismatchError(`${file}: ${name}`, `[${dims.join(', ')}]`, `[${found?.dims.join(', ') ?? ''}]`);
}
