import { InvalidArgumentError } from '../../core/index.js';
import { createLexicon } from './create-lexicon.js';
import type { Lexicon, LexiconData } from './lexicon.js';

/** Changes to a lexicon. Words of `remove` go out of every list first. */
export interface LexiconChanges<Group extends string> extends Partial<
  Pick<LexiconData<Group>, 'source' | 'excluded' | 'counterparts' | 'neutral'>
> {
  /** Name of the changed lexicon; it must differ, so that figures tell which was used. */
  readonly name: string;
  /** Version of the changed lexicon. */
  readonly version: string;
  /** Words to add, by group. */
  readonly groups?: Partial<Readonly<Record<Group, readonly string[]>>>;
  /** Words to take out, exactly as the lexicon has them. */
  readonly remove?: readonly string[];
}

/**
 * A lexicon with words added and removed.
 *
 * @throws InvalidArgumentError as `createLexicon`, and if the name stays the same
 * @example
 * ```ts
 * const lexicon = extendLexicon(GENDER_EN, {
 *   name: 'gender-en-clergy', version: '1', groups: { female: ['nun', 'nuns'] }, neutral: ['priest'],
 * });
 * ```
 */
export function extendLexicon<Group extends string>(
  { data, groupNames }: Lexicon<Group>,
  changes: LexiconChanges<Group>,
): Lexicon<Group> {
  if (changes.name === data.name) {
    throw new InvalidArgumentError('name', `Give the changed lexicon a name other than "${data.name}".`);
  }
  const removed = new Set(changes.remove);
  const change = (list: readonly string[] = [], added: readonly string[] = []): string[] => [
    ...new Set([...list.filter((word) => !removed.has(word)), ...added]),
  ];
  const counterparts = Object.entries({ ...data.counterparts, ...changes.counterparts });
  const groups = Object.fromEntries(
    groupNames.map((group) => [group, change(data.groups[group], changes.groups?.[group])]),
  ) as Record<Group, string[]>;
  return createLexicon({
    ...data,
    name: changes.name,
    version: changes.version,
    source: changes.source ?? `${data.name} ${data.version}, changed. ${data.source}`,
    groups,
    neutral: change(data.neutral, changes.neutral),
    excluded: change(data.excluded, changes.excluded),
    counterparts: Object.fromEntries(counterparts.filter(([word]) => !removed.has(word))),
  });
}
