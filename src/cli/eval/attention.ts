import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandCaptioner, CommandIo } from '../console/command-io.js';
import { openModel } from '../console/open-model.js';
import type { Output } from '../console/output.js';
import { logName } from './caption-log.js';
import type { ImageSource } from './image-source.js';
import type { EvalReport } from './measure-bias.js';
import type { AttendedCaption, AttentionGrid, SystemAttention } from './page/data.js';
import type { EvalModel, EvalSettings } from './settings.js';

/** The attention of one model, as it is kept in a file beside its captions; no grid if the model does not tell it. */
interface KeptAttention {
  readonly grid: AttentionGrid | null;
  readonly captions: Readonly<Record<string, AttendedCaption>>;
}

/**
 * Captions images again with the models that tell their attention, unless an earlier run has.
 *
 * @param wanted names of the images
 * @returns by system; models that do not tell it are not among them
 * @throws ModelError, OutputError or the abort reason; an image that fails is left out
 */
export async function gatherAttention(
  settings: EvalSettings,
  report: EvalReport,
  images: ImageSource,
  wanted: ReadonlySet<string>,
  output: Output,
  io: CommandIo,
): Promise<Readonly<Record<string, SystemAttention>>> {
  const found: Record<string, SystemAttention> = {};
  if (wanted.size === 0) return found;
  for (const model of settings.models) {
    const system = report.systems.findIndex(({ name }) => name === model.name);
    const captionOf = new Map(report.images.map(({ image, captions }) => [image, captions[system]!]));
    const asked = new Map([...captionOf].filter(([image]) => wanted.has(image)));
    const { grid, captions } = await attentionOf(model, settings, images, asked, output, io);
    if (grid !== null) found[model.name] = { grid, captions };
  }
  return found;
}

async function attentionOf(
  model: EvalModel,
  settings: EvalSettings,
  images: ImageSource,
  asked: ReadonlyMap<string, string>,
  output: Output,
  io: CommandIo,
): Promise<KeptAttention> {
  const path = attentionPath(settings, model.name);
  const kept = await readKept(path);
  if (kept?.grid === null) return kept;
  const captions = Object.fromEntries(
    Object.entries(kept?.captions ?? {}).filter(([image, { caption }]) => asked.get(image) === caption),
  );
  const left = new Set([...asked.keys()].filter((image) => captions[image] === undefined));
  if (kept && left.size === 0) return { grid: kept.grid, captions };
  const captioner = await openModel(model.model, io, output);
  try {
    const grid = gridOf(captioner);
    if (grid !== null) {
      if (!settings.isQuiet) await output.startProgress(left.size, `attention maps, ${model.name}`);
      for await (const { image, source } of images(left, io.signal)) {
        const options = { ...settings.caption, attention: true, signal: io.signal };
        const result = await captioner.caption(source, options).catch(() => undefined);
        io.signal.throwIfAborted();
        // Another caption than the one that was scored would mislead.
        if (result !== undefined && result.text === asked.get(image)) captions[image] = attended(result);
        output.advanceProgress();
      }
    }
    await keepAttention(path, { grid, captions });
    return { grid, captions };
  } finally {
    await captioner.dispose();
    output.stopProgress();
  }
}

/** Notes that a model does not tell its attention, so that it is not loaded again to find out. */
export async function noteWithoutAttention(
  settings: EvalSettings,
  name: string,
  captioner: CommandCaptioner,
): Promise<void> {
  if (gridOf(captioner) !== null) return;
  await keepAttention(attentionPath(settings, name), { grid: null, captions: {} });
}

function gridOf({ manifest }: CommandCaptioner): AttentionGrid | null {
  const { regions, image } = manifest;
  if (regions === undefined) return null;
  const { resize, width, height, shortestEdge, squashedWidth, squashedHeight } = image;
  return {
    rows: regions.rows,
    columns: regions.columns,
    seen: {
      resize,
      width,
      height,
      ...(shortestEdge !== undefined && { shortestEdge }),
      ...(squashedWidth !== undefined && { squashedWidth }),
      ...(squashedHeight !== undefined && { squashedHeight }),
    },
  };
}

type Result = Awaited<ReturnType<CommandCaptioner['caption']>>;

function attended({ text, words }: Result): AttendedCaption {
  return {
    caption: text,
    words: words.flatMap(({ text: word, attention }) => (attention ? [[word, inBytes(attention)] as const] : [])),
  };
}

/** One byte for each region, 255 for the largest, in base64: a page has many. */
function inBytes(attention: Float32Array): string {
  const highest = Math.max(...attention);
  return Buffer.from(attention.map((share) => (highest > 0 ? Math.round((255 * share) / highest) : 0))).toString(
    'base64',
  );
}

function attentionPath({ out }: EvalSettings, name: string): string {
  return join(out, 'captions', `${logName(name)}.attention.json`);
}

async function readKept(path: string): Promise<KeptAttention | undefined> {
  try {
    const { grid, captions } = JSON.parse(await readFile(path, 'utf8')) as Partial<KeptAttention>;
    return grid === undefined || captions === undefined ? undefined : { grid, captions };
  } catch {
    return undefined; // Not there, or cut short: it is gathered again.
  }
}

async function keepAttention(path: string, kept: KeptAttention): Promise<void> {
  await writeFile(path, `${JSON.stringify(kept)}\n`);
}
