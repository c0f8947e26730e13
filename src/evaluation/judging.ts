import { InvalidArgumentError } from '../core/index.js';
import { type Interval, wilsonInterval } from '../metrics/index.js';

/** How a person judges a caption: wholly true, the main thing true with a slip, or the main thing wrong. */
export const VERDICTS = ['true', 'slip', 'wrong'] as const;

/** How a person judges a caption. */
export type Verdict = (typeof VERDICTS)[number];

/** How one person judges all captions of one image. */
export interface Judgement {
  /** The image's name. */
  readonly image: string;
  /** By system; systems that were not judged are left out. */
  readonly verdicts: Readonly<Record<string, Verdict>>;
  /** The system whose caption is the best; null if none is, undefined if that was not asked or not answered. */
  readonly preferred?: string | null;
}

/** A share of judgements. */
export interface JudgedShare extends Interval {
  /** How many. */
  readonly count: number;
  /** `count` over all judgements. */
  readonly rate: number;
}

/** What people said of one system. */
export interface SystemJudgements {
  /** The system's name. */
  readonly name: string;
  /** Number of captions judged. */
  readonly judged: number;
  /** Each verdict's share, with Wilson's interval; null if none was judged. */
  readonly verdicts: Readonly<Record<Verdict, JudgedShare>> | null;
  /** How often it was preferred, of the images where a preference was given; null if there are none. */
  readonly preferred: JudgedShare | null;
}

/** What people said of all systems. */
export interface JudgementSummary {
  /** Number of judgements: images times people. */
  readonly judgements: number;
  /** Each system. */
  readonly systems: readonly SystemJudgements[];
  /** How often no caption was preferred. */
  readonly ties: number;
}

/**
 * Counts what people said of captions, with Wilson's intervals.
 *
 * @param judgements of one person or several
 * @param report names the systems; judgements of others are an error
 * @param level confidence of intervals. Default: 0.95
 * @throws InvalidArgumentError if a judgement names a system that is not there, or an unknown verdict
 */
export function summariseJudgements(
  judgements: readonly Judgement[],
  report: { readonly systems: readonly { readonly name: string }[] },
  level = 0.95,
): JudgementSummary {
  const names = report.systems.map(({ name }) => name);
  for (const judgement of judgements) checkJudgement(judgement, names);
  const answered = judgements.filter(({ preferred }) => preferred !== undefined);
  const share = (count: number, total: number): JudgedShare => ({
    count,
    rate: count / total,
    ...wilsonInterval(count, total, level),
  });
  return {
    judgements: judgements.length,
    ties: answered.filter(({ preferred }) => preferred === null).length,
    systems: names.map((name) => {
      const verdicts = judgements.flatMap((judgement) => judgement.verdicts[name] ?? []);
      const count = (verdict: Verdict): JudgedShare =>
        share(verdicts.filter((given) => given === verdict).length, verdicts.length);
      const preferred = answered.filter((judgement) => judgement.preferred === name).length;
      return {
        name,
        judged: verdicts.length,
        verdicts: verdicts.length === 0 ? null : { true: count('true'), slip: count('slip'), wrong: count('wrong') },
        preferred: answered.length === 0 ? null : share(preferred, answered.length),
      };
    }),
  };
}

function checkJudgement({ image, verdicts, preferred }: Judgement, names: readonly string[]): void {
  for (const [name, verdict] of Object.entries(verdicts)) {
    checkName(image, name, names);
    if (!VERDICTS.includes(verdict)) {
      throw new InvalidArgumentError(
        'judgements',
        `${image}: a verdict must be ${VERDICTS.join(', ')}, not "${verdict}".`,
      );
    }
  }
  if (typeof preferred === 'string') checkName(image, preferred, names);
}

function checkName(image: string, name: string, names: readonly string[]): void {
  if (names.includes(name)) return;
  throw new InvalidArgumentError(
    'judgements',
    `${image}: "${name}" was judged, but the systems are ${names.join(', ')}. Use the names that were judged.`,
  );
}
