import { Runner } from './runner.mjs';
import { median, quantile } from '../statistics.mjs';

/**
 * Lets contestants caption in turns, so that other work on the machine disturbs all alike; the first round is for warming up.
 *
 * @param contestants by name: the command, its arguments, and with how many beams it captions, `[command, arguments, beams]`
 * @returns `rows`, one for each contestant and number of beams, and what the contestants say of themselves
 */
export async function takeTurns(contestants, { rounds, words }) {
  const runners = [];
  for (const [name, [command, args, beams]] of Object.entries(contestants)) {
    runners.push({ name, beams, runner: await new Runner(command, args).ready() });
  }
  const rows = runners.flatMap(({ name, beams, runner }) =>
    beams.map((numBeams) => ({ name, numBeams, runner, answers: [] })),
  );
  for (let round = -1; round < rounds; round++) {
    for (const { runner, numBeams, answers } of rows) {
      const outcome = await runner.ask({ numBeams, words });
      if (round >= 0) answers.push(outcome);
    }
  }
  for (const { runner } of runners) runner.end();
  const versions = Object.assign({}, ...runners.map(({ runner }) => runner.about.versions));
  const bandwidth = runners.map(({ runner }) => runner.about.bandwidth).find(Boolean);
  return { versions, bandwidth, rows: rows.map(summarise) };
}

/** Medians of what one contestant answered; of sums and differences too, since medians of parts do not add up to that of a whole. */
function summarise({ name, numBeams, answers }) {
  const of = (field) => (field in answers[0] ? median(answers.map((outcome) => outcome[field])) : undefined);
  const runtime = ({ encoderMs, decoderMs }) => encoderMs + decoderMs;
  const isSplit = 'encoderMs' in answers[0];
  return {
    name,
    numBeams,
    ms: of('ms'),
    p95: quantile(
      answers.map(({ ms }) => ms),
      0.95,
    ),
    encoderMs: of('encoderMs'),
    decoderMs: of('decoderMs'),
    runtimeMs: isSplit ? median(answers.map(runtime)) : undefined,
    searchMs: isSplit
      ? median(answers.map((outcome) => outcome.ms - runtime(outcome) - outcome.preprocessMs))
      : undefined,
    steps: of('steps'),
    peakBytes: Math.max(...answers.map(({ peakBytes }) => peakBytes ?? 0)) || undefined,
    ids: answers[0].ids,
  };
}
