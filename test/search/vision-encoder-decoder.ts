import { readFileSync } from 'node:fs';
import type { Hypothesis, SearchOptions } from '../../src/search/index.js';
import { TinyGpt2, type TinyGpt2Config } from './tiny-gpt2.js';

/** What a reference implementation found. */
export type Found = Pick<Hypothesis, 'tokenIds' | 'isFinished'> & { readonly score?: number };

/** A search, and what the reference found by it. */
interface RecordedCase {
  readonly options: Partial<SearchOptions> & { readonly numBeams?: number };
  readonly found: readonly Found[];
}

interface RecordedModel extends Omit<TinyGpt2Config, 'vocabularySize'> {
  readonly seed: number;
  readonly memory: readonly number[];
  readonly weights: Readonly<Record<string, readonly number[]>>;
  readonly probe: { readonly tokenIds: readonly number[]; readonly logits: readonly number[] };
  readonly cases: readonly RecordedCase[];
}

interface Recording {
  readonly transformers: string;
  readonly vocabularySize: number;
  readonly start: number;
  readonly end: number;
  readonly models: readonly RecordedModel[];
}

const file = (name: string): URL => new URL(`fixtures/${name}`, import.meta.url);

/** What `fixtures/record_vision_encoder_decoder.py` recorded. */
export const recording = JSON.parse(readFileSync(file('vision-encoder-decoder.json'), 'utf8')) as Recording;

/** The recorded models with their decoders, ready to run. */
export const models = withDecoders(
  recording,
  new Float32Array(readFileSync(file('vision-encoder-decoder.bin')).buffer),
);

function withDecoders({ models, vocabularySize }: Recording, data: Float32Array) {
  let at = 0;
  const take = (shape: readonly number[]): Float32Array => {
    const start = at;
    at += shape.reduce((product, size) => product * size, 1);
    return data.subarray(start, at);
  };
  return models.map((model) => {
    const memory = take(model.memory);
    const weights = Object.fromEntries(Object.entries(model.weights).map(([name, shape]) => [name, take(shape)]));
    return { ...model, decoder: new TinyGpt2({ ...model, vocabularySize }, weights, memory) };
  });
}
