import { createInterface } from 'node:readline';

/**
 * Answers each line of standard input, a request as JSON, with the outcome of `caption` and its milliseconds; the first line out
 * says that it is ready, and what it runs on.
 */
export async function answer(about, caption) {
  const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
  say(about);
  for await (const line of createInterface({ input: process.stdin })) {
    const started = performance.now();
    const outcome = await caption(JSON.parse(line));
    const ms = performance.now() - started;
    say({ ms, ...outcome, peakBytes: process.resourceUsage().maxRSS * 1024 });
  }
}
