import { afterAll, test } from 'vitest';
import { nodePlatform } from '../../src/adapters/node/index.js';
import type { EncodedImage, Tensor } from '../../src/core/index.js';
import { openModel } from '../../src/model/index.js';
import {
  decoderContract,
  imageEncoderContract,
  tokenizerContract,
  type ContractCase,
} from '../../src/testing/index.js';

const model = await openModel(nodePlatform());
afterAll(() => model.release());

function pixels(seed: number): Tensor<'float32'> {
  const data = Float32Array.from({ length: 3 * 224 * 224 }, (_, i) => Math.sin(i * seed));
  return { type: 'float32', dims: [1, 3, 224, 224], data };
}

function register(cases: readonly ContractCase[]): void {
  for (const { name, run, skip } of cases) test.skipIf(skip !== undefined)(name, run);
}

register(
  imageEncoderContract({
    name: 'GraphEncoder',
    create: () => model.encoder,
    pixelValues: () => [pixels(0.01), pixels(0.02)],
  }),
);
register(
  decoderContract({
    name: 'GraphDecoder',
    create: () => model.decoder,
    image: (): Promise<EncodedImage> => model.encoder.encode(pixels(0.01)),
    otherImage: (): Promise<EncodedImage> => model.encoder.encode(pixels(0.02)),
  }),
);
register(
  tokenizerContract({
    name: 'WordMapTokenizer of the default model',
    create: () => model.tokenizer,
    texts: ['a dog runs through the grass', 'two people stand on a beach'],
    specialTokenIds: [...new Set([...model.manifest.tokens.start, ...model.manifest.tokens.end])],
  }),
);
