/** A quotient, or null if it divides by zero. @internal */
export function divide(count: number, total: number): number | null {
  return total === 0 ? null : count / total;
}
