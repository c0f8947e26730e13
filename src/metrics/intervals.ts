import { checks } from '../validate/index.js';

/** A range that holds a figure with a stated confidence. */
export interface Interval {
  /** Lower end. */
  readonly low: number;
  /** Upper end. */
  readonly high: number;
  /** Confidence level, such as 0.95. */
  readonly level: number;
}

/** @internal */
export const DEFAULT_LEVEL = 0.95;

/**
 * Wilson's score interval (1927) of a rate: what a share of `successes` in `trials` tells about the rate behind it. It stays
 * within 0 … 1 and is right for small counts and for rates near 0 or 1.
 *
 * @param successes 0 … `trials`
 * @param trials at least 1
 * @param level confidence, above 0 and below 1. Default: 0.95
 * @throws InvalidArgumentError if a count or the level is out of range
 *
 * @example wilsonInterval(19, 100) // { low: 0.125, high: 0.278, level: 0.95 }
 */
export function wilsonInterval(successes: number, trials: number, level = DEFAULT_LEVEL): Interval {
  checkTrials(trials);
  checks.argument('successes', checks.integer(0, trials, 'trials'), successes);
  checkLevel(level);
  const z = normalQuantile((1 + level) / 2);
  const rate = successes / trials;
  const scale = 1 + z ** 2 / trials;
  const centre = (rate + z ** 2 / (2 * trials)) / scale;
  const half = (z / scale) * Math.sqrt((rate * (1 - rate)) / trials + z ** 2 / (4 * trials ** 2));
  return {
    low: successes === 0 ? 0 : Math.max(0, centre - half),
    high: successes === trials ? 1 : Math.min(1, centre + half),
    level,
  };
}

/**
 * The rule of three: the largest rate that is compatible with not one event in `trials`; −ln(1 − level) / trials, about
 * 3 / trials at a level of 0.95, and at most 1.
 *
 * @param trials at least 1
 * @param level confidence, above 0 and below 1. Default: 0.95
 * @throws InvalidArgumentError if an argument is out of range
 */
export function ruleOfThree(trials: number, level = DEFAULT_LEVEL): number {
  checkTrials(trials);
  checkLevel(level);
  return Math.min(1, -Math.log1p(-level) / trials);
}

function checkTrials(trials: number): void {
  checks.argument('trials', checks.integer(1), trials);
}

/** @internal */
export function checkLevel(level: number): void {
  checks.argument('level', checks.openShare, level);
}

/** The value below which a standard normal variable is with probability p: bisection of its distribution function. */
function normalQuantile(p: number): number {
  let low = -40;
  let high = 40;
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (normalDistribution(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Φ(x) by its series (Marsaglia 2004), to double precision for the x that intervals need. */
function normalDistribution(x: number): number {
  if (x < -8) return 0;
  if (x > 8) return 1;
  let sum = x;
  let term = x;
  for (let i = 3; Math.abs(term) > 1e-18 * Math.abs(sum); i += 2) {
    term *= x ** 2 / i;
    sum += term;
  }
  return 0.5 + (sum * Math.exp(-(x ** 2) / 2)) / Math.sqrt(2 * Math.PI);
}
