import type { CaptionDecoder, DecoderStep } from '../../src/core/index.js';

/** Named arrays, row-major, as transformers' `GPT2LMHeadModel` with cross-attention names them. */
export type Weights = Readonly<Record<string, Float32Array>>;

/** Sizes of a {@link TinyGpt2}. */
export interface TinyGpt2Config {
  readonly vocabularySize: number;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
}

type Matrix = readonly Float32Array[]; // [tokens][features]

/**
 * GPT-2 with cross-attention, written down plainly for small sizes: nothing is cached but the logits, by the tokens read.
 */
export class TinyGpt2 implements CaptionDecoder<readonly (readonly number[])[]> {
  readonly vocabularySize: number;
  readonly maxPositions = 24;
  readonly #config: TinyGpt2Config;
  readonly #weights: Weights;
  readonly #memory: Matrix;
  readonly #known = new Map<string, Float32Array>();

  /** @param memory what the encoder gave of the picture, `[regions, width]` */
  constructor(config: TinyGpt2Config, weights: Weights, memory: Float32Array) {
    this.vocabularySize = config.vocabularySize;
    this.#config = config;
    this.#weights = weights;
    this.#memory = split(memory, config.width);
  }

  start(): readonly (readonly number[])[] {
    return [[]];
  }

  async step(
    rows: readonly (readonly number[])[],
    tokenIds: readonly number[],
  ): Promise<DecoderStep<readonly (readonly number[])[]>> {
    const state = rows.map((row, index) => [...row, tokenIds[index] as number]);
    const logits = Float32Array.from(state.flatMap((row) => [...this.logits(row)])); // [rows, vocabularySize]
    return { logits, state };
  }

  reorder(rows: readonly (readonly number[])[], parents: readonly number[]): readonly (readonly number[])[] {
    return parents.map((parent) => rows[parent] as readonly number[]);
  }

  /** The logits of the token after these: `[vocabularySize]`. */
  logits(tokenIds: readonly number[]): Float32Array {
    const key = tokenIds.join();
    const logits = this.#known.get(key) ?? this.#run(tokenIds);
    this.#known.set(key, logits);
    return logits;
  }

  #run(tokenIds: readonly number[]): Float32Array {
    const words = split(this.#weight('wte.weight'), this.#config.width);
    const positions = split(this.#weight('wpe.weight'), this.#config.width);
    let x: Matrix = tokenIds.map((tokenId, at) => add(words[tokenId]!, positions[at]!));
    for (let layer = 0; layer < this.#config.layers; layer++) {
      const block = `h.${layer}`;
      x = zip(x, this.#selfAttention(`${block}.attn`, this.#norm(`${block}.ln_1`, x)), add);
      x = zip(x, this.#crossAttention(`${block}.crossattention`, this.#norm(`${block}.ln_cross_attn`, x)), add);
      const hidden = this.#linear(`${block}.mlp.c_fc`, this.#norm(`${block}.ln_2`, x)).map((row) => row.map(gelu));
      x = zip(x, this.#linear(`${block}.mlp.c_proj`, hidden), add);
    }
    const last = this.#norm('ln_f', x.slice(-1))[0]!;
    const head = split(this.#weight('lm_head.weight'), this.#config.width); // [vocabularySize][width]
    return this.#weight('lm_head.bias').map((bias, tokenId) => bias + dot(head[tokenId]!, last));
  }

  #selfAttention(name: string, x: Matrix): Matrix {
    const { width } = this.#config;
    const qkv = this.#linear(`${name}.c_attn`, x); // [tokens][3 · width]
    const [q, k, v] = [0, 1, 2].map((part) => qkv.map((row) => row.slice(part * width, (part + 1) * width)));
    return this.#linear(`${name}.c_proj`, this.#attend(q!, k!, v!, true));
  }

  #crossAttention(name: string, x: Matrix): Matrix {
    const { width } = this.#config;
    const kv = this.#linear(`${name}.c_attn`, this.#memory); // [regions][2 · width]
    const [k, v] = [0, 1].map((part) => kv.map((row) => row.slice(part * width, (part + 1) * width)));
    return this.#linear(`${name}.c_proj`, this.#attend(this.#linear(`${name}.q_attn`, x), k!, v!, false));
  }

  #attend(queries: Matrix, keys: Matrix, values: Matrix, isCausal: boolean): Matrix {
    const { width, heads } = this.#config;
    const size = width / heads;
    return queries.map((query, at) => {
      const out = new Float32Array(width);
      for (let start = 0; start < width; start += size) {
        const part = (row: Float32Array) => row.subarray(start, start + size);
        const seen = isCausal ? keys.slice(0, at + 1) : keys;
        const scores = seen.map((key) => dot(part(query), part(key)) / Math.sqrt(size));
        const max = Math.max(...scores);
        const weights = scores.map((score) => Math.exp(score - max));
        const sum = weights.reduce((total, weight) => total + weight, 0);
        weights.forEach((weight, index) => {
          part(values[index]!).forEach((value, i) => (out[start + i]! += (weight / sum) * value));
        });
      }
      return out;
    });
  }

  #norm(name: string, x: Matrix): Matrix {
    const [weight, bias] = [this.#weight(`${name}.weight`), this.#weight(`${name}.bias`)];
    return x.map((row) => {
      const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
      const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length;
      return row.map((value, i) => ((value - mean) / Math.sqrt(variance + 1e-5)) * weight[i]! + bias[i]!);
    });
  }

  /** transformers' `Conv1D`: weights are `[in, out]`. */
  #linear(name: string, x: Matrix): Matrix {
    const [weight, bias] = [this.#weight(`${name}.weight`), this.#weight(`${name}.bias`)];
    return x.map((row) => {
      const out = Float64Array.from(bias);
      row.forEach((value, i) => {
        for (let j = 0; j < out.length; j++) out[j]! += value * weight[i * out.length + j]!;
      });
      return Float32Array.from(out);
    });
  }

  #weight(name: string): Float32Array {
    return this.#weights[name] as Float32Array;
  }
}

function split(data: Float32Array, width: number): Matrix {
  return Array.from({ length: data.length / width }, (_, row) => data.subarray(row * width, (row + 1) * width));
}

function zip(a: Matrix, b: Matrix, combine: (a: Float32Array, b: Float32Array) => Float32Array): Matrix {
  return a.map((row, index) => combine(row, b[index]!));
}

function add(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((value, i) => value + b[i]!);
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

/** `gelu_new`, the tanh approximation. */
function gelu(x: number): number {
  return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
}
