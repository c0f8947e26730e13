import type { DtypeOption } from '../core/index.js';

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
  /** Licence of the weights; undefined: see its page on the hub. */
  readonly license?: string;
  /** What it is, in a few words. */
  readonly description: string;
}

/** Public checkpoints by names that can be remembered. A folder of such a name is given as `./name`. */
export const KNOWN_MODELS: Readonly<Record<string, KnownModel>> = {
  distilvit: {
    id: 'Mozilla/distilvit',
    revision: 'main',
    dtype: 'q8',
    megabytes: 187,
    description: "ViT-B and distilGPT-2; Firefox's model for alternative text",
  },
  'vit-gpt2-coco': {
    id: 'Xenova/vit-gpt2-image-captioning',
    revision: 'main',
    dtype: 'q8',
    megabytes: 247,
    license: 'Apache-2.0',
    description: 'ViT-B and GPT-2, trained on COCO',
  },
};

/** The checkpoint of a name; undefined if it is the name of none. */
export function knownModel(source: unknown): KnownModel | undefined {
  return typeof source === 'string' && Object.hasOwn(KNOWN_MODELS, source) ? KNOWN_MODELS[source] : undefined;
}
