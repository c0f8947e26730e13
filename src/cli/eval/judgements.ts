import { readFile } from 'node:fs/promises';
import {
  type CaptionJudgement,
  type EvaluationWarning,
  type Judgement,
  type JudgementSummary,
  resolveJudgements,
  summariseJudgements,
} from '../../evaluation/index.js';
import { UsageError } from '../console/usage-error.js';
import type { EvalReport } from './measure-bias.js';

/** What the judging page saves. Files of version 1 have the names of the systems. */
export type JudgementFile =
  | {
      readonly format: 'captioneer-judgements';
      readonly version: 2;
      readonly judgements: readonly CaptionJudgement[];
    }
  | { readonly format: 'captioneer-judgements'; readonly version: 1; readonly judgements: readonly Judgement[] };

/**
 * Adds the counts of judgements to a report. Whose a caption is, is found by comparing captions, so that the judging page need not
 * know it.
 *
 * @param paths files that the judging page has saved
 * @throws UsageError if a file is not one of these
 */
export async function withJudgements(report: EvalReport, paths: readonly string[]): Promise<EvalReport> {
  if (paths.length === 0) return report;
  const unmatched: string[] = [];
  const judgements: Judgement[] = [];
  for (const file of await Promise.all(paths.map(readJudgements))) {
    if (file.version === 1) {
      judgements.push(...file.judgements);
      continue;
    }
    const resolved = resolveJudgements(file.judgements, report);
    judgements.push(...resolved.judgements);
    unmatched.push(...resolved.unmatched);
  }
  const summary: JudgementSummary = summariseJudgements(judgements, report);
  const warnings: EvaluationWarning[] =
    unmatched.length === 0
      ? []
      : [
          {
            code: 'JUDGEMENT_UNMATCHED',
            count: unmatched.length,
            message: 'judged images with a caption that no system gives now: its verdict does not count',
            examples: unmatched.slice(0, 5),
          },
        ];
  return { ...report, judgements: summary, warnings: [...report.warnings, ...warnings] };
}

async function readJudgements(path: string): Promise<JudgementFile> {
  let value: Partial<JudgementFile> | null;
  try {
    value = JSON.parse(await readFile(path, 'utf8')) as Partial<JudgementFile> | null;
  } catch (cause) {
    throw new UsageError(`--judgements: "${path}" cannot be read (${(cause as Error).message})`);
  }
  const { format, version, judgements } = value ?? {};
  const isKnown = format === 'captioneer-judgements' && (version === 1 || version === 2) && Array.isArray(judgements);
  if (!isKnown) throw new UsageError(`--judgements: "${path}" is not a file that the judging page has saved`);
  const wrong = judgements.findIndex((judgement) => !isJudgement(judgement, version));
  if (wrong >= 0) throw new UsageError(`--judgements: "${path}": judgement ${wrong + 1} has no image or no verdicts`);
  return value as JudgementFile;
}

function isJudgement(judgement: unknown, version: 1 | 2): boolean {
  const { image, verdicts } = (judgement ?? {}) as Partial<CaptionJudgement>;
  if (typeof image !== 'string' || typeof verdicts !== 'object') return false;
  if (version === 1) return !Array.isArray(verdicts);
  return Array.isArray(verdicts) && verdicts.every((one: unknown) => typeof one === 'object' && one !== null);
}
