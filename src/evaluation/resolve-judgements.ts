import type { Judgement, Verdict } from './judging.js';

/**
 * How one person judges the captions of one image, without the names of the systems, as the judging page of `captioneer eval` saves
 * it. Each caption is judged once, even if several systems give it.
 */
export interface CaptionJudgement {
  /** The image's name. */
  readonly image: string;
  /** Each caption that was judged, and what it is. */
  readonly verdicts: readonly { readonly caption: string; readonly verdict: Verdict }[];
  /** The best caption; null if none is, undefined if that was not asked or not answered. */
  readonly preferred?: string | null;
}

/** Judgements by system. */
export interface ResolvedJudgements {
  /** For `summariseJudgements`. */
  readonly judgements: readonly Judgement[];
  /** Images with a judged caption that no system of the report gives, so that its verdict does not count. */
  readonly unmatched: readonly string[];
}

/**
 * Finds the systems whose captions were judged: those that give the same caption of the same image.
 *
 * @param judgements of one person or several
 * @param report with the captions of the systems
 */
export function resolveJudgements(
  judgements: readonly CaptionJudgement[],
  report: {
    readonly systems: readonly { readonly name: string }[];
    readonly images: readonly { readonly image: string; readonly captions: readonly string[] }[];
  },
): ResolvedJudgements {
  const captionsOf = new Map(report.images.map(({ image, captions }) => [image, captions]));
  const unmatched = new Set<string>();
  const resolved = judgements.map(({ image, verdicts, preferred }): Judgement => {
    const captions = captionsOf.get(image) ?? [];
    const systemsOf = (caption: string): string[] =>
      report.systems.flatMap(({ name }, i) => (captions[i] === caption ? [name] : []));
    const bySystem = verdicts.flatMap(({ caption, verdict }) => {
      const systems = systemsOf(caption);
      if (systems.length === 0) unmatched.add(image);
      return systems.map((name) => [name, verdict] as const);
    });
    return { image, verdicts: Object.fromEntries(bySystem), ...preference(preferred, systemsOf) };
  });
  const counted = resolved.filter(({ verdicts }) => Object.keys(verdicts).length > 0);
  return { judgements: counted, unmatched: [...unmatched] };
}

/** Systems that give the same caption cannot be preferred to each other. */
function preference(
  preferred: string | null | undefined,
  systemsOf: (caption: string) => string[],
): Pick<Judgement, 'preferred'> {
  if (preferred === null) return { preferred: null };
  const [system, ...others] = preferred === undefined ? [] : systemsOf(preferred);
  return system === undefined || others.length > 0 ? {} : { preferred: system };
}
