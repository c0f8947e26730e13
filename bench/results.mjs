import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';

const path = (name) => new URL(`results/${name}.json`, import.meta.url);

const WRITE = '--write';

/** What the command line gives a benchmark, without `--write`. */
export const givenArguments = process.argv.slice(2).filter((argument) => argument !== WRITE);

/** Whether what is found goes into the repository. */
export const isWriting = process.argv.includes(WRITE);

/** Prints what a benchmark found; with `--write` keeps it too, with the machine and the day, for the report. */
export function saveResults(name, results) {
  console.log(JSON.stringify(results, null, 2));
  if (!isWriting) return;
  const machine = {
    processor: cpus()[0]?.model.trim(),
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 1e9),
    system: `${platform()} ${arch()}`,
    node: process.version,
  };
  mkdirSync(new URL('results/', import.meta.url), { recursive: true });
  const text = JSON.stringify({ date: new Date().toISOString().slice(0, 10), machine, ...results }, null, 2);
  writeFileSync(path(name), `${text}\n`);
}

/** What a benchmark found when it ran last, or undefined. */
export function readResults(name) {
  return existsSync(path(name)) ? JSON.parse(readFileSync(path(name), 'utf8')) : undefined;
}
