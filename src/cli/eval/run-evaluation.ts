import { createReadStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type CaptionSet,
  evaluate,
  type ImageTextEmbedder,
  readCaptions,
  type SystemCaptions,
  type SystemInfo,
} from '../../evaluation/index.js';
import type { CommandIo } from '../console/command-io.js';
import { EXIT_CODE } from '../console/exit-code.js';
import type { Output } from '../console/output.js';
import { UsageError } from '../console/usage-error.js';
import { type ImageSource, openImageSource } from './image-source.js';
import { gatherAttention } from './attention.js';
import type { LoggedCaption } from './caption-log.js';
import { openEvalClip } from './clip.js';
import { withJudgements } from './judgements.js';
import { readEmbeddings } from './embeddings.js';
import { biasMeasures, type EvalReport, labelledImages } from './measure-bias.js';
import { chooseShown, writeJudgePage, writeReportPage } from './pages.js';
import { runModel } from './run-model.js';
import type { EvalModel, EvalSettings } from './settings.js';
import { reportText } from './table.js';
import { COUNTED } from './warning-counts.js';

/**
 * Runs the models, evaluates all captions, prints a table and writes the reports.
 *
 * @returns the exit code: 1 if a system has no caption of some images
 * @throws UsageError, ModelError, OutputError or the abort reason
 */
export async function runEvaluation(settings: EvalSettings, output: Output, io: CommandIo): Promise<number> {
  const given = await readFileOfCaptions(settings.references, settings.split);
  const references = limited(given, settings.limit);
  const images = settings.images === undefined ? undefined : await openImageSource(settings.images);
  const systems: SystemCaptions[] = [];
  for (const { name, file } of settings.captions) {
    const captions = limitedTo(await readFileOfCaptions(file), given, references);
    systems.push({ name, captions, info: { captions: file } });
  }
  const logs = new Map<string, ReadonlyMap<string, LoggedCaption>>();
  const wanted = {
    images: [...references.captions.keys()],
    withEvidence: settings.hasGenderEvidence ? labelledImages(references) : new Set<string>(),
  };
  for (const model of settings.models) {
    // Settings are checked: models come with images.
    const { captions, failures } = await runModel(model, settings, images!, wanted, output, io);
    logs.set(model.name, captions);
    const logged = [...captions.values()].filter(({ image }) => references.captions.has(image));
    systems.push({ name: model.name, captions: logged, failures, info: modelInfo(model, logged) });
  }
  const clip = await openEvalClip(settings, references, images, output, io);
  const report = await evaluateSystems(settings, systems, references, logs, clip?.embedder).finally(() =>
    clip?.dispose(),
  );
  const paths = await writeReports(settings, report, images, output, io);
  if (settings.isJson) await output.print(`${JSON.stringify(report)}\n`);
  else await output.print(reportText(report, paths));
  if (!settings.isQuiet) {
    for (const { code, message, count, examples } of report.warnings) {
      const named = examples.length > 0 ? ` (${examples.join('; ')}${count > examples.length ? '; …' : ''})` : '';
      const counted = COUNTED.has(code) ? `: ${count}` : '';
      await output.printError(`captioneer: warning: ${message}${counted}${named}\n`);
    }
  }
  return report.warnings.some(({ code }) => code === 'CAPTION_MISSING') ? EXIT_CODE.failed : EXIT_CODE.ok;
}

/** What the report prints of a model. */
function modelInfo({ model }: EvalModel, logged: readonly LoggedCaption[]): SystemInfo {
  const times = logged.flatMap(({ ms }) => ms ?? []).sort((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)];
  return { model: model.source ?? 'default', ...(median !== undefined && { 'median ms per image': median }) };
}

async function evaluateSystems(
  settings: EvalSettings,
  systems: readonly SystemCaptions[],
  references: CaptionSet,
  logs: ReadonlyMap<string, ReadonlyMap<string, LoggedCaption>>,
  clip: ImageTextEmbedder | undefined,
): Promise<EvalReport> {
  const { splitName, title, chosenOn, samples, seed } = settings;
  const embeddings =
    clip ?? (settings.embeddings === undefined ? undefined : await readEmbeddings(settings.embeddings));
  const training = settings.training === undefined ? undefined : await readFileOfCaptions(settings.training);
  const report = await evaluate({
    systems,
    references,
    samples,
    seed,
    ...biasMeasures(logs, { samples, seed }),
    ...(splitName !== undefined && { split: splitName }),
    ...(title !== undefined && { title }),
    ...(chosenOn !== undefined && { chosenOn }),
    ...(embeddings && { embeddings }),
    ...(training && { training: [...training.captions.values()].flat() }),
  });
  return await withJudgements(report, settings.judgements);
}

async function writeReports(
  settings: EvalSettings,
  report: EvalReport,
  images: ImageSource | undefined,
  output: Output,
  io: CommandIo,
): Promise<string[]> {
  await mkdir(settings.out, { recursive: true });
  const json = join(settings.out, 'report.json');
  await writeFile(json, `${JSON.stringify(report)}\n`);
  const html = join(settings.out, 'report.html');
  const shown = chooseShown(report, settings.thumbnails);
  const attention = images ? await gatherAttention(settings, report, images, shown.inExamples, output, io) : {};
  await writeReportPage(html, report, shown, attention, images, io);
  if (settings.judge === undefined || images === undefined) return [html, json];
  const judge = join(settings.out, 'judge.html');
  await writeJudgePage(judge, report, images, settings.judge, settings.seed, io);
  return [html, json, judge];
}

async function readFileOfCaptions(file: string, split?: string): Promise<CaptionSet> {
  try {
    return await readCaptions(createReadStream(file), { file, ...(split !== undefined && { split }) });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new UsageError(`there is no file "${file}"`);
    if (code === 'EISDIR') throw new UsageError(`"${file}" is a folder; give a file of captions`);
    throw error;
  }
}

function limited(references: CaptionSet, limit: number | undefined): CaptionSet {
  if (limit === undefined) return references;
  return { ...references, captions: new Map([...references.captions].slice(0, limit)) };
}

/** Captions of images that `--limit` leaves out are no surprise: they are not counted as missing references. */
function limitedTo(captions: CaptionSet, all: CaptionSet, few: CaptionSet): CaptionSet {
  const isLeftOut = (image: string): boolean => {
    const name = all.captions.has(image) ? image : all.aliases.get(image);
    return name !== undefined && all.captions.has(name) && !few.captions.has(name);
  };
  return { ...captions, captions: new Map([...captions.captions].filter(([image]) => !isLeftOut(image))) };
}
