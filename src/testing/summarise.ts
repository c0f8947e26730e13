import type { LogitsSummary } from '../core/index.js';

/** What a decoder may report about its logits, computed as defined. @param logits `[rows, vocabularySize]` */
export function summarise(logits: Float32Array, rows: number): LogitsSummary {
  const vocabularySize = logits.length / rows;
  const summaries = Array.from({ length: rows }, (_, row) => {
    const scores = [...logits.subarray(row * vocabularySize, (row + 1) * vocabularySize)];
    const max = Math.max(...scores);
    const weights = scores.map((score) => Math.exp(score - max));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    const probabilities = weights.map((weight) => weight / sum);
    const entropy = probabilities.reduce((total, p) => total - (p > 0 ? p * Math.log(p) : 0), 0);
    return { logSumExp: max + Math.log(sum), entropy };
  });
  return {
    logSumExps: Float32Array.from(summaries, ({ logSumExp }) => logSumExp),
    entropies: Float32Array.from(summaries, ({ entropy }) => entropy),
  };
}
