import fc from 'fast-check';
import { CaptioneerError } from '../../src/index.js';

const FULL = Number(process.env.FULL ?? 0);
/** Runs of a property: few with all tests, 5,000 with `FULL=1`, and as many as it says with `FULL=200` and so on. */
export const runs = (few: number) => (FULL > 0 ? { numRuns: FULL > 1 ? FULL : 5000 } : { numRuns: few, seed: 24 });
export const LONGEST_MS = FULL > 0 ? 1_800_000 : 120_000;

/** What is thrown must be typed; what is returned is as good as it can be. */
export async function isTyped(act: () => unknown): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    if (CaptioneerError.isInstance(error)) return false;
    throw error;
  }
}

/** Places where a file of `length` bytes is damaged, and how. */
export const damages = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    kind: fc.constantFrom('flip', 'cut', 'drop', 'double', 'insert'),
    length: fc.integer({ min: 1, max: 12 }),
    with: fc.oneof(
      fc.constantFrom(
        '<',
        '>',
        '"',
        "'",
        '{',
        '}',
        '`',
        '\\',
        '\0',
        '\n',
        '![',
        '](',
        '-->',
        '${',
        '\ud800',
        '%}',
        '/',
        '=',
      ),
      fc.string({ unit: 'binary', maxLength: 6 }),
    ),
  }),
  { minLength: 1, maxLength: 4 },
);
type Damages = typeof damages extends fc.Arbitrary<infer T> ? T : never;

export function damaged(file: Uint8Array, list: Damages): Buffer {
  let bytes = Buffer.from(file);
  for (const { at, kind, length, with: text } of list) {
    const from = Math.floor(at * bytes.length);
    const [before, after] = [bytes.subarray(0, from), bytes.subarray(from)];
    if (kind === 'flip') {
      bytes = Buffer.from(bytes);
      if (from < bytes.length) bytes[from] = (bytes[from]! + 37 * length) & 255;
    } else if (kind === 'cut') bytes = Buffer.from(before);
    else if (kind === 'drop') bytes = Buffer.concat([before, after.subarray(length)]);
    else if (kind === 'double') bytes = Buffer.concat([before, after.subarray(0, 20 * length), after]);
    else bytes = Buffer.concat([before, Buffer.from(text), after]);
  }
  return bytes;
}
