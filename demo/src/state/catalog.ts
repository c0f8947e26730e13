import models from 'virtual:catalog';

/** A model that the visitor can choose. */
export interface CatalogModel {
  /** A name of the catalog, or the id of a model on the hub. */
  readonly id: string;
  readonly title: string;
  readonly architecture: string;
  /** Size, quality and speed, to compare it with others. */
  readonly facts: string;
  /** What a person wants to know before choosing it. */
  readonly note: string;
  /** Bytes of its files; undefined for a model on the hub. */
  readonly bytes: number | undefined;
  /** Where the library loads it from. */
  readonly source: string;
}

const TITLES: Readonly<Record<string, readonly [title: string, architecture: string, note: string]>> = {
  default: ['Default', 'EfficientNet + Transformer with attention', 'Small, fast, and the most accurate of these.'],
  'vit-gpt2': ['ViT-GPT2', 'Vision Transformer + GPT-2', 'Attends to patches of the image.'],
  'clip-prefix': [
    'CLIP captioning',
    'Image embedding + mapping network + GPT-2',
    'ClipCap: the image becomes a prefix.',
  ],
  'inception-lstm': ['Inception-LSTM', 'Inception-v3 + LSTM', 'Show and Tell: the LSTM sees the image once.'],
  'resnet-soft-attention': [
    'Show, Attend and Tell',
    'ResNet + LSTM with soft attention',
    'Attends to the image again for every word.',
  ],
  'resnet-transformer': ['Attention decoder', 'ResNet + Transformer', 'Attention with a Transformer decoder.'],
  'region-transformer': [
    'Attention to objects',
    'EfficientNet and NanoDet + Transformer',
    'The default model with an object detector: words show boxes.',
  ],
  'vit-gpt2-a3ds': [
    'ViT-GPT2, A3DS',
    'Vision Transformer + GPT-2',
    'Only for the rendered scenes of 3D Shapes, not for photographs.',
  ],
};

const base = new URL('models/', document.baseURI).href;

/** The models that come with the page; the default one is first. */
export const CATALOG: readonly CatalogModel[] = [...models]
  .map((model) => {
    const [title, architecture, note] = TITLES[model.name] ?? [model.name, model.family, ''];
    return {
      id: model.name,
      title,
      architecture,
      facts: factsOf(model),
      note,
      bytes: model.bytes,
      source: `${base}${model.folder}/`,
    };
  })
  .sort((a, b) => order(a.id) - order(b.id));

/** One model of each architecture, in the order of their history: what the comparison shows. */
export const COMPARED: readonly string[] = [
  'inception-lstm',
  'resnet-soft-attention',
  'clip-prefix',
  'vit-gpt2',
  'default',
];

/** A model of the catalog, or one on the hub. */
export function modelById(id: string): CatalogModel {
  const known = CATALOG.find((model) => model.id === id);
  return (
    known ?? {
      id,
      title: id,
      architecture: 'A model on the Hugging Face hub',
      facts: '',
      note: '',
      bytes: undefined,
      source: id,
    }
  );
}

/** `10.0 MB, CIDEr-D 0.69, 1.2 × the time of the default`. */
function factsOf({ name, bytes, ciderD, relativeTime }: (typeof models)[number]): string {
  const facts = [megabytes(bytes)];
  if (ciderD !== undefined) facts.push(`CIDEr-D ${ciderD.toFixed(2)}`);
  if (relativeTime !== undefined && name !== 'default') facts.push(`${relativeTime.toFixed(1)} × the time`);
  return facts.join(', ');
}

/** `9.8 MB`. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function order(id: string): number {
  const index = Object.keys(TITLES).indexOf(id);
  return index < 0 ? Infinity : index;
}
