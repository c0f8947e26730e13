import type { Hypothesis, SearchOptions } from '../../src/search/index.js';
import type { TableDecoder } from '../../src/testing/index.js';

/** The image that toys are asked about. */
export const IMAGE = {};

type Found = Pick<Hypothesis, 'tokenIds' | 'logProb' | 'score' | 'isFinished'>;

/** Every caption that a decoder can give, best first: written apart from the search, so that it can judge it. */
export function enumerateAll(decoder: TableDecoder, options: SearchOptions): Found[] {
  const { startTokenIds, endTokenIds, maxLength = 4, minLength = 0, lengthPenalty = 1, bannedTokenIds = [] } = options;
  const found: Found[] = [];
  const visit = (tokenIds: readonly number[], logProb: number): void => {
    const length = tokenIds.length + 1;
    logSoftmax64(decoder.logits([...startTokenIds, ...tokenIds])).forEach((tokenLogProb, tokenId) => {
      const total = logProb + tokenLogProb;
      const isEnd = endTokenIds.includes(tokenId);
      if (bannedTokenIds.includes(tokenId) || (isEnd && tokenIds.length < minLength)) return;
      const score = total / length ** lengthPenalty;
      if (isEnd) found.push({ tokenIds, logProb: total, score, isFinished: true });
      else if (length === maxLength) {
        found.push({ tokenIds: [...tokenIds, tokenId], logProb: total, score, isFinished: false });
      } else visit([...tokenIds, tokenId], total);
    });
  };
  visit([], 0);
  return found.sort((a, b) => b.score - a.score);
}

/** Log-softmax in double precision, without the trick of the largest logit. */
export function logSoftmax64(logits: Float32Array): number[] {
  const sum = logits.reduce((total, logit) => total + Math.exp(logit), 0);
  return Array.from(logits, (logit) => logit - Math.log(sum));
}
