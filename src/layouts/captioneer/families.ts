import { DECODER_NAMES } from './names.js';

/** What the graphs of a family have, beside `pixel_values`, `input_ids` and `logits`, and what tells it from the others. */
export interface Family {
  /** Outputs that the encoder's graph must have: by this name, or by it and a layer (`past.h.0`). */
  readonly encoderOutputs: readonly string[];
  /** Inputs that the decoder's graph must have, likewise; where the layer comes first, the first stands for all. */
  readonly decoderInputs: readonly string[];
  /** Whether the decoder's graph tells its attention over the regions of the picture; left out if it may. */
  readonly hasAttention?: boolean;
  /**
   * When the decoder is told of the picture: `once`, by its first state or a prefix; or at `each-word`, by inputs that the
   * encoder gives.
   */
  readonly seesPicture: 'once' | 'each-word';
  /** Type of its tokenizer: whole words, GPT-2's byte pairs, or BERT's pieces of words. */
  readonly tokenizer: 'word-map' | 'byte-level-bpe' | 'word-piece';
}

/** The families whose graphs are in the model folder's own layout. One decoder class feeds them all, by names. */
export const FAMILIES: Readonly<Record<string, Family>> = {
  /**
   * Show and Tell (Vinyals 2015, https://arxiv.org/abs/1411.4555): an LSTM whose first input is the picture, read by the
   * encoder's graph, which then gives the state after it, or as a prefix.
   */
  'inception-lstm': {
    encoderOutputs: [],
    decoderInputs: ['past.h', 'past.c'],
    hasAttention: false,
    seesPicture: 'once',
    tokenizer: 'word-map',
  },
  /** Show, Attend and Tell (Xu 2015, https://arxiv.org/abs/1502.03044) by an LSTM, or by a Transformer decoder. */
  attention: {
    encoderOutputs: [],
    decoderInputs: [],
    hasAttention: true,
    seesPicture: 'each-word',
    tokenizer: 'word-map',
  },
  /** ClipCap (Mokady 2021, https://arxiv.org/abs/2111.09734): GPT-2 continues a prefix mapped from CLIP's embedding. */
  'clip-prefix': {
    encoderOutputs: [DECODER_NAMES.prefix],
    decoderInputs: [DECODER_NAMES.prefix, 'past.0.key', 'past.0.value'],
    hasAttention: false,
    seesPicture: 'once',
    tokenizer: 'byte-level-bpe',
  },
  /** GPT-2 with cross-attention to the patches of a ViT, whose keys and values are computed once a picture. */
  'vit-gpt2': {
    encoderOutputs: ['cross.0.key', 'cross.0.value'],
    decoderInputs: ['past.0.key', 'past.0.value', 'cross.0.key', 'cross.0.value'],
    seesPicture: 'each-word',
    tokenizer: 'byte-level-bpe',
  },
  /** BLIP (Li 2022, https://arxiv.org/abs/2201.12086): BERT with cross-attention to the patches of a ViT. */
  blip: {
    encoderOutputs: ['cross.0.key', 'cross.0.value'],
    decoderInputs: ['past.0.key', 'past.0.value', 'cross.0.key', 'cross.0.value'],
    seesPicture: 'each-word',
    tokenizer: 'word-piece',
  },
  /** GIT (Wang 2022, https://arxiv.org/abs/2205.14100): BERT reads the picture's vectors in front of the words, once a picture. */
  git: {
    encoderOutputs: ['image.0.key', 'image.0.value'],
    decoderInputs: ['past.0.key', 'past.0.value', 'image.0.key', 'image.0.value'],
    seesPicture: 'each-word',
    tokenizer: 'word-piece',
  },
};
