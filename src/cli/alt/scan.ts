import { readFile } from 'node:fs/promises';
import {
  findImages,
  githubReport,
  jsonReport,
  type LintFinding,
  type LintOptions,
  lintTexts,
  missingTexts,
  sarifReport,
  type SourceImage,
  textReport,
} from '../../alt/index.js';
import type { CommandIo } from '../console/command-io.js';
import { count } from '../console/count.js';
import { reportError } from '../console/error-report.js';
import { EXIT_CODE } from '../console/exit-code.js';
import type { Output } from '../console/output.js';
import { sourceFiles } from './source-files.js';

/** Which files are searched, and for what. */
export interface SourceSettings {
  readonly inputs: readonly string[];
  readonly excluded: readonly string[];
  /** Further elements that are images. */
  readonly components: readonly string[];
}

/** What `captioneer alt scan` and `captioneer alt lint` are asked for. */
export interface ScanSettings extends SourceSettings {
  readonly mode: 'scan' | 'lint';
  readonly format: 'text' | 'json' | 'sarif' | 'github';
  readonly lint: LintOptions;
  readonly isQuiet: boolean;
}

/** The images of one source file. */
export interface ScannedFile {
  readonly file: string;
  readonly bytes: Buffer;
  readonly images: readonly SourceImage[];
}

/**
 * Prints what is wrong with the alternative texts of source files.
 *
 * @returns the exit code: 1 if there are findings, or a file could not be read
 */
export async function scan(settings: ScanSettings, output: Output, io: CommandIo): Promise<number> {
  const findings: LintFinding[] = [];
  let images = 0;
  const { files, failures } = await scanFiles(settings, output, io, (file) => {
    images += file.images.length;
    const isMissing = settings.mode === 'scan';
    findings.push(...(isMissing ? missingTexts(file.images) : lintTexts(file.images, settings.lint)));
  });
  await output.print(reportOf(settings.format, findings, io.version));
  if (settings.format === 'text' && !settings.isQuiet) {
    const what = settings.mode === 'scan' ? 'without alternative text' : `with ${count(findings.length, 'finding')}`;
    const found = settings.mode === 'scan' ? findings.length : new Set(findings.map(({ image }) => image)).size;
    await output.printError(
      `captioneer: ${found} of ${count(images, 'image')} ${what}, in ${count(files, 'file')} searched.\n`,
    );
  }
  return findings.length + failures === 0 ? EXIT_CODE.ok : EXIT_CODE.failed;
}

/**
 * Reads source files one after another. A file that cannot be read or parsed is reported, and the others continue.
 *
 * @param take is called for each file
 */
export async function scanFiles(
  settings: SourceSettings,
  output: Output,
  { signal }: Pick<CommandIo, 'signal'>,
  take: (file: ScannedFile) => void,
): Promise<{ readonly files: number; readonly failures: number }> {
  const paths = await sourceFiles(settings.inputs, settings.excluded, signal);
  let failures = 0;
  for (const file of paths) {
    signal.throwIfAborted();
    try {
      const bytes = await readFile(file);
      take({ file, bytes, images: await findImages(file, bytes, { components: settings.components }) });
    } catch (error) {
      failures += 1;
      await output.printError(`captioneer: ${reportError(error).message}\n`);
    }
  }
  return { files: paths.length, failures };
}

function reportOf(format: ScanSettings['format'], findings: readonly LintFinding[], version: string): string {
  switch (format) {
    case 'json':
      return jsonReport(findings);
    case 'sarif':
      return sarifReport(findings, version);
    case 'github':
      return githubReport(findings);
    case 'text':
      return textReport(findings);
  }
}
