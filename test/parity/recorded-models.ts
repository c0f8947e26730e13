import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ImageStatistics } from '../../src/preprocess/index.js';

/** What training/captioneer_training/record_model.py recorded of a trained model under PyTorch. */
export interface RecordedModel {
  /** The folder of `models/`. */
  readonly name: string;
  readonly lengthPenalty: number;
  readonly pictures: readonly {
    readonly picture: string;
    readonly pixels: { readonly sum: number; readonly first: readonly number[] };
    readonly imageStatistics: ImageStatistics;
    readonly memory: Readonly<Record<string, { readonly mean: number; readonly first: readonly number[] }>>;
    readonly steps: readonly {
      readonly read: number;
      readonly ids: readonly number[];
      readonly logits: readonly number[];
    }[];
    readonly beams: Readonly<Record<string, { readonly ids: readonly number[]; readonly text: string }>>;
  }[];
}

const folder = new URL('../fixtures/trained-models/', import.meta.url);

/** The path of a file of this repository. */
export function repositoryPath(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

/** Every recording there is: one file a model, `<folder of models/>.json`. */
export const recordedModels: readonly RecordedModel[] = readdirSync(folder).map((file) => ({
  ...(JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Omit<RecordedModel, 'name'>),
  name: file.replace('.json', ''),
}));
