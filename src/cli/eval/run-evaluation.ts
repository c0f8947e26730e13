import { createReadStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { biasReport, type BiasReport } from '../../bias/index.js';
import {
  type CaptionSet,
  evaluate,
  type EvaluationReport,
  readCaptions,
  summariseJudgements,
  type SystemCaptions,
} from '../../evaluation/index.js';
import type { CommandIo } from '../console/command-io.js';
import { EXIT_CODE } from '../console/exit-code.js';
import type { Output } from '../console/output.js';
import { UsageError } from '../console/usage-error.js';
import { type ImageSource, openImageSource } from './image-source.js';
import { readJudgements } from './judgements.js';
import { writeJudgePage, writeReportPage } from './pages.js';
import { runModel } from './run-model.js';
import type { EvalSettings } from './settings.js';
import { reportText } from './table.js';

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
  for (const model of settings.models) {
    // Settings are checked: models come with images.
    const captions = await runModel(model, settings, images!, [...references.captions.keys()], output, io);
    const inSet = new Map([...captions].filter(([image]) => references.captions.has(image)));
    systems.push({ name: model.name, captions: inSet, info: { model: model.model.source ?? 'default' } });
  }
  const report = await evaluateSystems(settings, systems, references);
  const paths = await writeReports(settings, report, images, io);
  if (settings.isJson) await output.print(`${JSON.stringify(report)}\n`);
  else await output.print(reportText(report, paths));
  if (!settings.isQuiet) {
    for (const { message, count, examples } of report.warnings) {
      const named = examples.length > 0 ? ` (${examples.join('; ')}${count > examples.length ? '; …' : ''})` : '';
      await output.printError(`captioneer: warning: ${message}: ${count}${named}\n`);
    }
  }
  return report.warnings.some(({ code }) => code === 'CAPTION_MISSING') ? EXIT_CODE.failed : EXIT_CODE.ok;
}

async function evaluateSystems(
  settings: EvalSettings,
  systems: readonly SystemCaptions[],
  references: CaptionSet,
): Promise<EvaluationReport<BiasReport>> {
  const { split, title, chosenOn, samples, seed } = settings;
  const training = settings.training === undefined ? undefined : await readFileOfCaptions(settings.training);
  const report = await evaluate({
    systems,
    references,
    samples,
    seed,
    bias: (images) => biasReport(images, { bootstrap: { samples, seed } }),
    ...(split !== undefined && { split }),
    ...(title !== undefined && { title }),
    ...(chosenOn !== undefined && { chosenOn }),
    ...(training && { training: [...training.captions.values()].flat() }),
  });
  const judgements = (await Promise.all(settings.judgements.map(readJudgements))).flat();
  return judgements.length === 0 ? report : { ...report, judgements: summariseJudgements(judgements, report) };
}

async function writeReports(
  settings: EvalSettings,
  report: EvaluationReport<BiasReport>,
  images: ImageSource | undefined,
  io: CommandIo,
): Promise<string[]> {
  await mkdir(settings.out, { recursive: true });
  const json = join(settings.out, 'report.json');
  await writeFile(json, `${JSON.stringify(report)}\n`);
  const html = join(settings.out, 'report.html');
  await writeReportPage(html, report, images, settings.thumbnails, io);
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
