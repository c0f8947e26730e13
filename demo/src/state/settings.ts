import { effect, signal } from '@preact/signals';
import type { CaptionOptions } from 'captioneer';

/** What the visitor has chosen under "More". Empty means: as the model has it. */
export interface Settings {
  readonly numBeams: number | undefined;
  readonly maxLength: number | undefined;
  readonly temperature: number | undefined;
  readonly seed: number | undefined;
  readonly gender: 'as-is' | 'confident' | 'neutral' | undefined;
  readonly altMaxCharacters: number;
}

const INITIAL: Settings = {
  numBeams: undefined,
  maxLength: undefined,
  temperature: undefined,
  seed: undefined,
  gender: undefined,
  altMaxCharacters: 125,
};
const KEY = 'captioneer.settings';

export const settings = signal<Settings>(read());
effect(() => {
  try {
    localStorage.setItem(KEY, JSON.stringify(settings.value));
  } catch {
    // Private windows may refuse to store; the settings then last as long as the page.
  }
});

/** Sets one of them. */
export function setSetting<K extends keyof Settings>(name: K, value: Settings[K]): void {
  settings.value = { ...settings.value, [name]: value };
}

/** Whether words are drawn at random, which leaves beams without effect. */
export function isSampled({ temperature, seed }: Settings): boolean {
  return temperature !== undefined || seed !== undefined;
}

/** The options that the library is given. */
export function captionOptions(numCaptions: number): CaptionOptions {
  const { numBeams, maxLength, temperature, seed, gender } = settings.value;
  const options = {
    maxLength,
    gender,
    attention: true,
    ...(isSampled(settings.value)
      ? { strategy: 'sample', temperature: temperature ?? 1, seed, numCaptions }
      : { numBeams: numBeams ?? (numCaptions > 1 ? Math.max(numCaptions, 4) : undefined), numCaptions }),
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function read(): Settings {
  try {
    return { ...INITIAL, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Settings>) };
  } catch {
    return INITIAL;
  }
}
