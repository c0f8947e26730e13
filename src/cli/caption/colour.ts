import { UsageError } from '../console/usage-error.js';

type Rgb = readonly [red: number, green: number, blue: number];

const NAMED: Readonly<Record<string, Rgb>> = { white: [255, 255, 255], black: [0, 0, 0], grey: [128, 128, 128] };

/** Reads a colour: a name, `#rgb` or `#rrggbb`. */
export function colour(flag: string): (text: string) => Rgb {
  return (text) => {
    const named = NAMED[text.toLowerCase()];
    if (named) return named;
    const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(text);
    const long = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text);
    const [red, green, blue] = (long ?? short)?.slice(1).map((hex) => parseInt(hex.padEnd(2, hex), 16)) ?? [];
    if (red !== undefined && green !== undefined && blue !== undefined) return [red, green, blue];
    const names = Object.keys(NAMED).join(', ');
    throw new UsageError(`${flag}: must be ${names} or #rrggbb, not "${text}"`);
  };
}
