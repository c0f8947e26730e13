import type { SearchProgress } from './run-search.js';

/** The tokens that every caption which may still be the best begins with: they will not change any more. */
export function settledTokens({ running, best }: SearchProgress): readonly number[] {
  const [first, ...others] = [...running, ...(best ? [best] : [])].map(({ tokenIds }) => tokenIds);
  const common = (first ?? []).findIndex((tokenId, at) => others.some((tokenIds) => tokenIds[at] !== tokenId));
  return (first ?? []).slice(0, common === -1 ? undefined : common);
}
