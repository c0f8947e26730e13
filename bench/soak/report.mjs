import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { markdownTable, writeMarkdown } from '../markdown.mjs';
import { readResults } from '../results.mjs';

const page = fileURLToPath(new URL('../../docs/reliability.md', import.meta.url));
const SECTION = /(<!-- soak -->\n)[^]*(<!-- \/soak -->)/;

const NAMES = {
  captions: 'captions in one process',
  calls: 'calls, 64 at once',
  aborts: 'aborts at random points',
  loads: 'load, caption, dispose',
  workers: 'worker threads ended in a call',
};

const megabytes = ({ early, late }) => `${(early / 1e6).toFixed(0)} → ${(late / 1e6).toFixed(0)}`;
const percent = (share) => (share === undefined ? '–' : `${share >= 0 ? '+' : ''}${(100 * share).toFixed(1)} %`);
const pair = (counts) => (counts ? `${counts[0]} → ${counts[1]}` : '–');

function row([name, part]) {
  const failed = Object.entries(part.checks).filter(([, holds]) => !holds);
  return [
    NAMES[name],
    part.turns.toLocaleString('en'),
    part.resident ? megabytes(part.resident) : '–',
    percent(part.residentChange),
    part.live ? megabytes(part.live) : '–',
    pair(part.files),
    pair(part.threads),
    part.holds ? 'holds' : `does not hold: ${failed.map(([check]) => check).join(', ')}`,
    part.minutes.toFixed(1),
    part.load.toFixed(1),
    part.date ?? '–',
  ];
}

/** Puts the parts that ran into docs/reliability.md. */
export async function writeSoakReport() {
  const { parts, machine } = readResults('soak');
  const head = [
    '',
    'turns',
    'resident, MB',
    'change',
    'live, MB',
    'files',
    'threads',
    'verdict',
    'minutes',
    'load',
    'day',
  ];
  const rows = Object.keys(NAMES).filter((name) => parts[name]);
  const table = markdownTable([head, ...rows.map((name) => row([name, parts[name]]))], (column) =>
    column === 0 || column === 7 ? ':--' : '--:',
  );
  const text = `${machine.cores} cores of ${machine.processor}, Node ${machine.node}; the default model, one thread, images of about 64 pixels.\n\n${table}\n\n`;
  await writeMarkdown(page, readFileSync(page, 'utf8').replace(SECTION, `$1\n${text}$2`));
}
