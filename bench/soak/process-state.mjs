import { readdirSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';

/** What the process holds once its garbage is gone: bytes, open files, threads, and what keeps its event loop alive. */
export async function processState() {
  for (let turn = 0; turn < 3; turn++) {
    globalThis.gc();
    await setImmediate();
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return {
    resident: rss,
    live: heapUsed + external,
    files: entries('/proc/self/fd'),
    threads: entries('/proc/self/task'),
    handles: process.getActiveResourcesInfo().length,
  };
}

/** Elsewhere than on Linux there is nothing to count: 0. */
function entries(folder) {
  try {
    return readdirSync(folder).length;
  } catch {
    return 0;
  }
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Compares the tenth of the samples after the warm-up, which is the first fifth, with the last tenth.
 *
 * @param samples of {@link processState}, at even distances
 */
export function growth(samples) {
  const tenth = Math.max(1, Math.floor(samples.length / 10));
  const from = Math.min(2 * tenth, samples.length - 2);
  const early = samples.slice(from, from + tenth);
  const late = samples.slice(-tenth);
  const of = (name) => ({ early: mean(early.map((s) => s[name])), late: mean(late.map((s) => s[name])) });
  const change = ({ early: before, late: after }) => after / before - 1;
  const [resident, live] = [of('resident'), of('live')];
  const most = (list, name) => Math.max(...list.map((s) => s[name]));
  return {
    resident,
    residentChange: change(resident),
    live,
    liveChange: change(live),
    files: [most(early, 'files'), most(late, 'files')],
    threads: [most(early, 'threads'), most(late, 'threads')],
    handles: [most(early, 'handles'), most(late, 'handles')],
  };
}

/**
 * Memory may grow by a share after the warm-up; files, threads and handles may not grow.
 *
 * @param most that share: 0.05 in the long form; the short form ends before V8 has compiled all that it will compile
 */
export function flatness({ residentChange, liveChange, files, threads, handles }, most) {
  return {
    [`resident memory within ${100 * most} %`]: residentChange <= most,
    [`live memory within ${100 * most} %`]: liveChange <= most,
    'files flat': files[1] <= files[0],
    'threads flat': threads[1] <= threads[0],
    'handles flat': handles[1] <= handles[0],
  };
}
