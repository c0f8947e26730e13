/**
 * Scores that one call of a loop takes. V8 compiles a function that is called often for good; one that is called seldom and
 * runs long it compiles in mid-run, which at times came out two and a half times slower and stayed so.
 */
export const BLOCK = 1024;

/** How many blocks so many scores make, the last of them perhaps shorter. */
export function numBlocks(numScores: number): number {
  return Math.ceil(numScores / BLOCK);
}

/**
 * The largest of the scores from one index up to another.
 *
 * @returns −Infinity if there are none, or nothing but NaN
 */
export function maximum(scores: Float32Array, from = 0, to = scores.length): number {
  let max = -Infinity;
  for (let at = from; at < to; at += BLOCK) max = largest(scores, at, Math.min(at + BLOCK, to), max);
  return max;
}

function largest(scores: Float32Array, from: number, to: number, before: number): number {
  let max = before;
  for (let i = from; i < to; i++) {
    if ((scores[i] as number) > max) max = scores[i] as number;
  }
  return max;
}
