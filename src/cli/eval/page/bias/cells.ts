import type { Rate } from '../../../../bias/index.js';
import type { BootstrapEstimate } from '../../../../metrics/index.js';
import type { SystemBias } from '../../measure-bias.js';
import { type Child, element, fixed, percent, signed } from '../dom.js';

/** Systems with their bias. */
export type MeasuredSystems = readonly { readonly name: string; readonly bias: SystemBias }[];

/** A share with its interval and counts. A share of too few images is not stated, its counts are. */
export function rate({ value, count, total, interval }: Rate): Child {
  const counts = `${count} of ${total}`;
  if (value === null || interval === null) return tooFew(counts);
  const range = `${percent(interval.low)} – ${percent(interval.high)}`;
  return withInterval(percent(value), `${range}; ${counts}`);
}

/** A figure with its interval. */
export function estimate(value: BootstrapEstimate | null): Child {
  if (value === null) return tooFew();
  return withInterval(fixed(value.estimate), `${fixed(value.low)} – ${fixed(value.high)}`);
}

/** A difference, or another figure whose sign counts, with its interval. */
export function signedEstimate(value: BootstrapEstimate | null): Child {
  if (value === null) return tooFew();
  return withInterval(signed(value.estimate), `${signed(value.low)} to ${signed(value.high)}`);
}

function tooFew(counts?: string): Child {
  return element('span', { class: 'soft' }, 'too few', element('span', { class: 'interval' }, counts));
}

/** A figure above its interval. */
export function withInterval(value: string, interval: string): Child {
  return element('span', {}, value, element('span', { class: 'interval' }, interval));
}
