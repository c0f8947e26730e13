import type { DtypeOption } from '../core/index.js';

/** Vision features feel small weights, so they keep 16 bits; of what reads and writes words 4 bits are enough. */
const FLORENCE_DTYPE = {
  vision_encoder: 'fp16',
  embed_tokens: 'fp16',
  encoder_model: 'q4',
  decoder_model_merged: 'q4',
} as const;

/** A public checkpoint that has a name of its own here. */
export interface KnownModel {
  /** Its id on the hub. */
  readonly id: string;
  /** Branch, tag or commit that is loaded unless a call says otherwise. */
  readonly revision: string;
  /** The weights that are loaded unless a call says otherwise. */
  readonly dtype: DtypeOption;
  /** Size of these weights in MB, about. */
  readonly megabytes: number;
  /** Resident MB of a process that captions with it. */
  readonly memory: Estimate;
  /** How long a caption takes on the processor of a laptop: less than 0.1 s, less than 2 s, or more. */
  readonly speed: 'fast' | 'medium' | 'slow';
  /** What its makers published of its quality; undefined if nothing is known here. */
  readonly quality?: string;
  /** Licence of the weights; undefined: see its page on the hub. */
  readonly license?: string;
  /** What it is, in a few words. */
  readonly description: string;
}

/** A figure, and whether it was measured, with random weights of that size, or estimated from the size of the files. */
interface Estimate {
  readonly megabytes: number;
  readonly isMeasured: boolean;
}

/** Public checkpoints by names that can be remembered. A folder of such a name is given as `./name`. */
export const KNOWN_MODELS: Readonly<Record<string, KnownModel>> = {
  distilvit: {
    id: 'Mozilla/distilvit',
    revision: 'main',
    dtype: 'q8',
    megabytes: 187,
    memory: { megabytes: 600, isMeasured: false },
    speed: 'medium',
    description: "ViT-B and distilGPT-2; Firefox's model for alternative text",
  },
  'vit-gpt2-coco': {
    id: 'Xenova/vit-gpt2-image-captioning',
    revision: 'main',
    dtype: 'q8',
    megabytes: 247,
    memory: { megabytes: 710, isMeasured: true },
    speed: 'medium',
    license: 'Apache-2.0',
    description: 'ViT-B and GPT-2, trained on COCO',
  },
  'florence-2': {
    id: 'onnx-community/Florence-2-base-ft',
    revision: 'main',
    dtype: FLORENCE_DTYPE,
    megabytes: 357,
    memory: { megabytes: 1300, isMeasured: false },
    speed: 'slow',
    quality: 'COCO CIDEr 1.400',
    license: 'MIT',
    description: 'Florence-2 base: sentences, paragraphs, the text in images',
  },
  'florence-2-large': {
    id: 'onnx-community/Florence-2-large-ft',
    revision: 'main',
    dtype: FLORENCE_DTYPE,
    megabytes: 1100,
    memory: { megabytes: 3500, isMeasured: false },
    speed: 'slow',
    license: 'MIT',
    description: 'Florence-2 large: the same, more exact',
  },
};

/** A public checkpoint whose weights are PyTorch's: `captioneer-export` makes a model folder of it, once. */
export interface ExportableModel extends Omit<KnownModel, 'revision' | 'dtype'> {
  /** The command's name for its kind. */
  readonly kind: 'blip' | 'git';
}

/** Public checkpoints that are exported once. Sizes are those of 8-bit weights (`--dtype int8`), which take the memory of 32-bit ones. */
export const EXPORTABLE_MODELS: Readonly<Record<string, ExportableModel>> = {
  blip: {
    id: 'Salesforce/blip-image-captioning-base',
    kind: 'blip',
    megabytes: 226,
    memory: { megabytes: 2050, isMeasured: true },
    speed: 'medium',
    license: 'BSD-3-Clause',
    description: 'BLIP base: continues a prompt',
  },
  'blip-large': {
    id: 'Salesforce/blip-image-captioning-large',
    kind: 'blip',
    megabytes: 449,
    memory: { megabytes: 4000, isMeasured: false },
    speed: 'slow',
    license: 'BSD-3-Clause',
    description: 'BLIP large: continues a prompt',
  },
  git: {
    id: 'microsoft/git-base-coco',
    kind: 'git',
    megabytes: 215,
    memory: { megabytes: 1900, isMeasured: false },
    speed: 'medium',
    license: 'MIT',
    description: 'GIT base, fine-tuned on COCO: continues a prompt',
  },
  'git-large': {
    id: 'microsoft/git-large-coco',
    kind: 'git',
    megabytes: 434,
    memory: { megabytes: 3900, isMeasured: false },
    speed: 'slow',
    license: 'MIT',
    description: 'GIT large, fine-tuned on COCO: continues a prompt',
  },
};

/** The command that makes a model folder of a checkpoint. */
export function exportCommand(kind: ExportableModel['kind'], id: string, folder: string): string {
  return `pip install ./training && captioneer-export ${kind} ${id} ${folder} --dtype int8`;
}

/** The checkpoint of a name; undefined if it is the name of none. */
export function knownModel(source: unknown): KnownModel | undefined {
  return typeof source === 'string' && Object.hasOwn(KNOWN_MODELS, source) ? KNOWN_MODELS[source] : undefined;
}
