import type { GroupToken } from './group-tokens.js';

/** Natural logarithm of `exp(a) + exp(b)`, also for −Infinity. */
function logAddExp(a: number, b: number): number {
  const larger = Math.max(a, b);
  return larger === -Infinity ? -Infinity : larger + Math.log1p(Math.exp(Math.min(a, b) - larger));
}

/** Natural logarithm of the probability of a group's words as the next word: `[groups]`. */
export function groupLogMasses(logProbs: Float32Array, tokens: readonly GroupToken[], numGroups: number): number[] {
  const masses = Array<number>(numGroups).fill(-Infinity);
  for (const { group, tokenId } of tokens) masses[group] = logAddExp(masses[group]!, logProbs[tokenId]!);
  return masses;
}

/**
 * Moves the probability of tokens to their neutral counterparts, in place, and forbids the tokens. The probability of one that
 * has no counterpart in the vocabulary is left to all others.
 *
 * If nothing at all could come after it, nothing is changed.
 *
 * @param logProbs natural log-probabilities: `[vocabularySize]`
 */
export function moveToNeutral(logProbs: Float32Array, tokens: readonly GroupToken[]): void {
  if (tokens.length === 0) return;
  const before = Float32Array.from(tokens, ({ tokenId }) => logProbs[tokenId]!);
  for (const { tokenId } of tokens) logProbs[tokenId] = -Infinity;
  const forbidden = idsOf(tokens);
  tokens.forEach(({ counterpart }, index) => {
    if (counterpart === undefined || forbidden.has(counterpart)) return;
    logProbs[counterpart] = logAddExp(logProbs[counterpart]!, before[index]!);
  });
  if (logProbs.some((logProb) => logProb > -Infinity)) return;
  tokens.forEach(({ tokenId }, index) => (logProbs[tokenId] = before[index]!));
}

/** Lists that were met before: a gate has the same one for nearly all steps. */
const known = new WeakMap<readonly GroupToken[], ReadonlySet<number>>();

function idsOf(tokens: readonly GroupToken[]): ReadonlySet<number> {
  const ids = known.get(tokens) ?? new Set(tokens.map(({ tokenId }) => tokenId));
  known.set(tokens, ids);
  return ids;
}
