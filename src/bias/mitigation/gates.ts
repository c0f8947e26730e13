import { InvalidArgumentError, type Tokenizer } from '../../core/index.js';
import type { LogitsProcessor } from '../../search/index.js';
import type { Lexicon } from '../lexicon/lexicon.js';
import { groupTokensOf } from './group-tokens.js';
import { groupLogMasses, moveToNeutral } from './move-mass.js';
import { checks } from '../../validate/index.js';

/** How sure a model must be of a group before it names it. */
export interface ConfidenceGateOptions {
  readonly tokenizer: Tokenizer;
  /** A lexicon of two groups with counterparts, in the model's language. */
  readonly lexicon: Lexicon;
  /**
   * The least difference |P_A − P_B| / (P_A + P_B) of the two groups' probabilities as the next word, 0 … 1, at which a group
   * is named. Default 0.8.
   */
  readonly delta?: number;
  /**
   * Added to log(P_A / P_B), A the lexicon's first group, before the comparison: what evens out a model that prefers one group.
   * Default 0.
   */
  readonly offset?: number;
}

/**
 * A rule for the search: as long as the model cannot tell the two groups apart, the probability of their words goes to the
 * neutral counterparts (`man` → `person`). A word of the group that has the smaller share goes there in any case, unless the
 * caption has named a person of that group already; so do pronouns that would contradict the person named before.
 *
 * Words of several tokens (`fireman` in byte pairs) are caught at their last token.
 *
 * @throws InvalidArgumentError for an option out of range, or a lexicon of other than two groups or without counterparts
 */
export function confidenceGate({
  tokenizer,
  lexicon,
  delta = 0.8,
  offset = 0,
}: ConfidenceGateOptions): LogitsProcessor {
  checks.argument('delta', checks.share, delta);
  checks.argument('offset', checks.finite, offset);
  checkTwoGroups(lexicon);
  checkCounterparts(lexicon);
  const groupTokens = groupTokensOf(tokenizer, lexicon);
  return {
    name: 'confidenceGate',
    process(logits, history) {
      const tokens = groupTokens.after(history);
      const [a = -Infinity, b = -Infinity] = groupLogMasses(logits, tokens, 2);
      if (a === -Infinity && b === -Infinity) return;
      const named = groupTokens.namedBy([...history.startTokenIds, ...history.tokenIds]);
      const difference = Math.tanh((a - b + offset) / 2); // (P_A − P_B) / (P_A + P_B)
      const winner = difference > 0 ? 0 : 1;
      const isSure = Math.abs(difference) >= delta;
      moveToNeutral(
        logits,
        tokens.filter(({ group }) => (named.size > 0 ? !named.has(group) : !isSure || group !== winner)),
      );
    },
  };
}

/** @throws InvalidArgumentError if a lexicon has other than two groups @internal */
export function checkTwoGroups({ data, groupNames }: Lexicon): void {
  if (groupNames.length === 2) return;
  const found = `"${data.name}" has ${groupNames.length} groups`;
  throw new InvalidArgumentError('lexicon', `${found}; this needs two. Use a lexicon such as GENDER_EN.`);
}

function checkCounterparts({ data }: Lexicon): void {
  if (data.counterparts !== undefined) return;
  throw new InvalidArgumentError(
    'lexicon',
    `"${data.name}" has no counterparts, so its words cannot be made neutral. Add them, or ban the words (groupWords).`,
  );
}

/** Which groups may be named. */
export interface GroupGateOptions<Group extends string = string> {
  readonly tokenizer: Tokenizer;
  /** A lexicon with counterparts, in the model's language. */
  readonly lexicon: Lexicon<Group>;
  /** The groups whose words may come. Default none: captions name no group. */
  readonly allowed?: readonly Group[];
}

/**
 * A rule for the search: the probability of words of all groups but the allowed ones goes to their neutral counterparts.
 *
 * @throws InvalidArgumentError if an allowed group is not the lexicon's, or the lexicon has no counterparts
 */
export function groupGate<Group extends string>({
  tokenizer,
  lexicon,
  allowed = [],
}: GroupGateOptions<Group>): LogitsProcessor {
  const unknown = allowed.find((group) => !lexicon.groupNames.includes(group));
  if (unknown !== undefined) {
    const known = lexicon.groupNames.join(', ');
    throw new InvalidArgumentError('allowed', `"${lexicon.data.name}" has no group "${unknown}". It has: ${known}.`);
  }
  checkCounterparts(lexicon);
  const others = lexicon.groupNames.flatMap((group, position) => (allowed.includes(group) ? [] : [position]));
  const groupTokens = groupTokensOf(tokenizer, lexicon).only(new Set(others));
  return {
    name: 'groupGate',
    process(logits, history) {
      moveToNeutral(logits, groupTokens.after(history));
    },
  };
}

/**
 * The words of a lexicon's groups, for the captioner's option `bannedWords`: the simplest way to captions that name none. The
 * model then says whatever else is likeliest; `groupGate` has it say the neutral counterpart.
 *
 * @param groups default: all
 */
export function groupWords<Group extends string>(
  lexicon: Lexicon<Group>,
  groups: readonly Group[] = lexicon.groupNames,
): string[] {
  return groups.flatMap((group) => lexicon.data.groups[group]);
}
