import type { Category, Lexicon } from './lexicon/lexicon.js';
import { checks } from '../validate/index.js';

/** When an image counts as one that shows people of one group. */
export interface LabelRule {
  /** Fewest references that name the group, and no other, at least 1. Default 3. */
  readonly atLeast?: number;
  /** Most references that name another group, alone or beside this one, at least 0. Default 0. */
  readonly othersAtMost?: number;
}

/** How many of an image's references are of each category. */
export type CategoryCounts<Group extends string = string> = Readonly<Record<Category<Group>, number>>;

/** Counts texts by how they speak of people. */
export function countCategories<Group extends string>(
  texts: readonly string[],
  lexicon: Lexicon<Group>,
): CategoryCounts<Group> {
  const counts = Object.fromEntries([...lexicon.groupNames, 'both', 'neutral', 'none'].map((name) => [name, 0]));
  for (const text of texts) counts[lexicon.categorize(text)]!++;
  return counts as Record<Category<Group>, number>;
}

/**
 * The group that an image's references name, by a rule: at least `atLeast` of them name it, and at most `othersAtMost` name
 * another. It is the group that annotators perceived and put in words, not anybody's identity.
 *
 * @returns null if the rule gives none
 * @throws InvalidArgumentError if the rule's numbers are out of range, or could label one image twice
 */
export function labelFromReferences<Group extends string>(
  references: readonly string[],
  lexicon: Lexicon<Group>,
  rule: LabelRule = {},
): Group | null {
  return labelFromCounts(countCategories(references, lexicon), lexicon.groupNames, rule);
}

/** {@link labelFromReferences} from counts. */
export function labelFromCounts<Group extends string>(
  counts: CategoryCounts<Group>,
  groupNames: readonly Group[],
  rule: LabelRule = {},
): Group | null {
  const { atLeast, othersAtMost } = resolveLabelRule(rule);
  const named: Readonly<Record<string, number>> = counts;
  const label = groupNames.find((group) => {
    const others = groupNames.filter((other) => other !== group).reduce((sum, other) => sum + named[other]!, 0);
    return named[group]! >= atLeast && others + named.both! <= othersAtMost;
  });
  return label ?? null;
}

/** A rule with its defaults, checked. @internal */
export function resolveLabelRule({ atLeast = 3, othersAtMost = 0 }: LabelRule): Required<LabelRule> {
  checks.argument('atLeast', checks.integer(1), atLeast);
  checks.argument('othersAtMost', checks.integer(0, atLeast - 1, 'atLeast − 1'), othersAtMost);
  return { atLeast, othersAtMost };
}
