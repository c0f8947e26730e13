import { basename } from 'node:path';
import { DTYPES } from '../../core/load-options.js';
import type { CaptionOptions } from '../../index.js';
import { type GivenOptions, toCaptionOptions, toModelSettings } from '../caption/settings.js';
import type { ModelSettings } from '../console/open-model.js';
import { UsageError } from '../console/usage-error.js';

/** Images that get a small copy in the report. */
export type Thumbnails = 'examples' | 'all' | 'none';

/** Options of `captioneer eval` as the parser gives them. */
export interface GivenEvalOptions extends Omit<GivenOptions, 'model'> {
  readonly model?: readonly string[];
  readonly captions?: readonly string[];
  readonly references?: string;
  readonly images?: string;
  readonly split?: string;
  readonly splitName?: string;
  readonly title?: string;
  readonly chosenOn?: string;
  readonly training?: string;
  readonly clip?: string;
  readonly clipDtype?: string;
  readonly embeddings?: string;
  readonly limit?: number;
  /** False with `--no-gender-evidence`. */
  readonly genderEvidence?: boolean;
  readonly out?: string;
  readonly samples?: number;
  readonly thumbnails?: string;
  readonly judge?: number | true;
  readonly judgements?: readonly string[];
}

/** A model that is run. */
export interface EvalModel {
  readonly name: string;
  readonly model: ModelSettings;
}

/** What `captioneer eval` is asked for. */
export interface EvalSettings {
  readonly models: readonly EvalModel[];
  /** Captions that were made elsewhere. */
  readonly captions: readonly { readonly name: string; readonly file: string }[];
  readonly references: string;
  /** A folder or a tar file. */
  readonly images: string | undefined;
  /** Split of the references that is read; undefined for all of them. */
  readonly split: string | undefined;
  /** What the report says of the split. */
  readonly splitName: string | undefined;
  readonly title: string | undefined;
  readonly chosenOn: string | undefined;
  /** A file of captions that systems were trained on. */
  readonly training: string | undefined;
  /** A CLIP that is run on images and captions. */
  readonly clip: ModelSettings | undefined;
  /** A file of vectors of an image-text model. */
  readonly embeddings: string | undefined;
  /** Only the first so many images of the references. */
  readonly limit: number | undefined;
  /** Whether the evidence of gender is gathered for images with a label. */
  readonly hasGenderEvidence: boolean;
  /** Folder that captions and reports are written to. */
  readonly out: string;
  readonly samples: number;
  readonly seed: number;
  readonly thumbnails: Thumbnails;
  /** How many images the judging page has; undefined for no such page. */
  readonly judge: number | undefined;
  /** Files that the judging page has saved. */
  readonly judgements: readonly string[];
  /** What the library is given for each image. */
  readonly caption: CaptionOptions;
  readonly isJson: boolean;
  readonly isQuiet: boolean;
}

const THUMBNAILS: readonly string[] = ['examples', 'all', 'none'] satisfies Thumbnails[];
const JUDGED_IMAGES = 100;

/** @throws UsageError for options that are missing or do not go together */
export function toEvalSettings(given: GivenEvalOptions): EvalSettings {
  const { references, images, thumbnails = 'examples', judge } = given;
  if (references === undefined) throw new UsageError('--references: give a file of reference captions');
  const captions = (given.captions ?? []).map((text) => ({ name: nameOf(text, fileName), file: valueOf(text) }));
  const models = modelsOf(given, captions.length);
  if (models.length > 0 && images === undefined) {
    throw new UsageError('--images: a model needs images; give a folder or a tar file');
  }
  if (judge !== undefined && images === undefined) {
    throw new UsageError('--judge: the page shows images; give --images, a folder or a tar file');
  }
  if (!THUMBNAILS.includes(thumbnails)) {
    throw new UsageError(`--thumbnails: must be ${THUMBNAILS.join(', ')}, not "${thumbnails}"`);
  }
  checkNames([...models, ...captions].map(({ name }) => name));
  return {
    models,
    captions,
    references,
    images,
    split: given.split,
    splitName: given.splitName ?? given.split,
    title: given.title,
    chosenOn: given.chosenOn,
    training: given.training,
    clip: clipOf(given),
    embeddings: given.embeddings,
    limit: given.limit,
    hasGenderEvidence: given.genderEvidence !== false,
    out: given.out ?? 'captioneer-eval',
    samples: given.samples ?? 1000,
    seed: given.seed ?? 0,
    thumbnails: thumbnails as Thumbnails,
    judge: judge === true ? JUDGED_IMAGES : judge,
    judgements: given.judgements ?? [],
    caption: toCaptionOptions({ ...withoutSeed(given) }),
    isJson: given.json === true,
    isQuiet: given.quiet === true,
  };
}

function modelsOf(given: GivenEvalOptions, captionFiles: number): EvalModel[] {
  const named = given.model ?? (captionFiles === 0 ? ['default'] : []);
  return named.map((text) => {
    const value = valueOf(text);
    const { model: _, ...others } = given;
    const source = value === 'default' ? {} : { model: value };
    return { name: nameOf(text, folderName), model: toModelSettings({ ...others, ...source }) };
  });
}

/** The CLIP is found and run as the models are; its weights have an option of their own. */
function clipOf(given: GivenEvalOptions): ModelSettings | undefined {
  const { clip, clipDtype, embeddings, images } = given;
  if (clip === undefined) {
    if (clipDtype !== undefined) throw new UsageError('--clip-dtype: it is for the model of --clip; give one');
    return undefined;
  }
  if (embeddings !== undefined) throw new UsageError('--clip: does not go together with --embeddings');
  if (images === undefined) throw new UsageError('--clip: it looks at images; give --images, a folder or a tar file');
  const dtypes: readonly string[] = [...DTYPES, 'auto'];
  if (clipDtype !== undefined && !dtypes.includes(clipDtype)) {
    throw new UsageError(`--clip-dtype: must be ${dtypes.join(', ')}, not "${clipDtype}"`);
  }
  const { device, threads, offline, quiet } = given;
  return toModelSettings({
    model: clip,
    ...(clipDtype !== undefined && { dtype: clipDtype }),
    ...(device !== undefined && { device }),
    ...(threads !== undefined && { threads }),
    ...(offline && { offline }),
    ...(quiet && { quiet }),
  });
}

/** The seed draws bootstrap samples; captions are not sampled in an evaluation. */
function withoutSeed({ seed: _seed, model: _model, ...others }: GivenEvalOptions): GivenOptions {
  return others;
}

function checkNames(names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return;
  throw new UsageError(`two systems are named "${twice}"; give one another name: --model name=folder`);
}

const NAMED = /^([^=/\\:?&]+)=(.+)$/s;

function valueOf(text: string): string {
  return NAMED.exec(text)?.[2] ?? text;
}

function nameOf(text: string, otherwise: (value: string) => string): string {
  return NAMED.exec(text)?.[1] ?? otherwise(text);
}

const folderName = (value: string): string => basename(value.replace(/[\\/]+$/, '')) || value;
const fileName = (value: string): string => basename(value).replace(/\.(jsonl?|tsv|csv|txt)$/i, '');
