import { readFile } from 'node:fs/promises';
import type { Judgement } from '../../evaluation/index.js';
import { UsageError } from '../console/usage-error.js';

/** What the judging page saves. */
export interface JudgementFile {
  readonly format: 'captioneer-judgements';
  readonly version: 1;
  readonly judgements: readonly Judgement[];
}

/** @throws UsageError if a file is not one that the judging page has saved */
export async function readJudgements(path: string): Promise<readonly Judgement[]> {
  let value: Partial<JudgementFile> | null;
  try {
    value = JSON.parse(await readFile(path, 'utf8')) as Partial<JudgementFile> | null;
  } catch (cause) {
    throw new UsageError(`--judgements: "${path}" cannot be read (${(cause as Error).message})`);
  }
  const { format, judgements } = value ?? {};
  if (format === 'captioneer-judgements' && judgements !== undefined) return judgements;
  throw new UsageError(`--judgements: "${path}" is not a file that the judging page has saved`);
}
