/** Forbids, in place, what lies below a threshold. */
export function keepAbove(logits: Float32Array, threshold: number): void {
  for (let i = 0; i < logits.length; i++) {
    if ((logits[i] as number) < threshold) logits[i] = -Infinity;
  }
}
