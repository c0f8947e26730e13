import { InvalidArgumentError, type Tokenizer } from '../../core/index.js';
import type { LogitsProcessor } from '../../search/index.js';
import { checks } from '../../validate/index.js';
import type { Lexicon } from '../lexicon/lexicon.js';
import { groupTokensOf } from './group-tokens.js';

/** Which group's words become likelier. */
export interface GroupBonusOptions<Group extends string = string> {
  readonly tokenizer: Tokenizer;
  /** A lexicon in the model's language. */
  readonly lexicon: Lexicon<Group>;
  readonly group: Group;
  /** Nats, 0 or more, by which the odds of its words to all others grow. */
  readonly bonus: number;
}

/**
 * A rule for the search: the words of one group become likelier, and all others less likely, until the caption has one of them. The
 * probabilities still add up to 1.
 *
 * @throws InvalidArgumentError for a group that is not the lexicon's, or a bonus below 0
 */
export function groupBonus<Group extends string>({
  tokenizer,
  lexicon,
  group,
  bonus,
}: GroupBonusOptions<Group>): LogitsProcessor {
  checks.argument('bonus', checks.atLeast(0), bonus);
  const position = lexicon.groupNames.indexOf(group);
  if (position === -1) {
    const known = lexicon.groupNames.join(', ');
    throw new InvalidArgumentError('group', `"${lexicon.data.name}" has no group "${group}". It has: ${known}.`);
  }
  const groupTokens = groupTokensOf(tokenizer, lexicon).only(new Set([position]));
  return {
    name: 'groupBonus',
    // [vocabularySize]
    process(logProbs, history) {
      if (groupTokens.namedBy([...history.startTokenIds, ...history.tokenIds]).size > 0) return;
      const words = new Set(groupTokens.after(history).map(({ tokenId }) => tokenId));
      let mass = 0;
      for (const tokenId of words) mass += Math.exp(logProbs[tokenId]!);
      const logTotal = Math.log1p(mass * Math.expm1(bonus));
      for (let tokenId = 0; tokenId < logProbs.length; tokenId++) logProbs[tokenId]! -= logTotal;
      for (const tokenId of words) logProbs[tokenId]! += bonus;
    },
  };
}
