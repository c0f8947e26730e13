import { type Interval, wilsonInterval } from '../../metrics/index.js';

/** A share, with what it is a share of. */
export interface Rate {
  readonly count: number;
  readonly total: number;
  /** count / total; null if `total` is 0 or below the least size that the report states. */
  readonly value: number | null;
  /** Wilson's 95 % interval; null with `value`. */
  readonly interval: Interval | null;
}

/** A share with its interval, or null for both if it is of too few. */
export function rateOf(count: number, total: number, minTotal = 1): Rate {
  if (total < Math.max(1, minTotal)) return { count, total, value: null, interval: null };
  return { count, total, value: count / total, interval: wilsonInterval(count, total) };
}
