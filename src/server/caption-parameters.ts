import type { CaptionOptions } from '../captioner/index.js';
import { OptionReader } from '../validate/index.js';
import { RequestError } from './request-error.js';

/** What a request may ask of its captions, by JSON schemas, which the OpenAPI description has too. */
export const CAPTION_PARAMETERS = {
  numCaptions: { type: 'integer', minimum: 1, description: 'Captions, best first.' },
  numBeams: { type: 'integer', minimum: 1, description: 'Beams of the search; 1 is greedy.' },
  minLength: { type: 'integer', minimum: 0, description: 'Fewest tokens.' },
  maxLength: { type: 'integer', minimum: 1, description: 'Most tokens.' },
  lengthPenalty: { type: 'number', description: 'Above 0 favours long captions, below 0 short ones.' },
  gender: { type: 'string', enum: ['as-is', 'confident', 'neutral'], description: 'What captions say of gender.' },
  prefix: { type: 'string', description: 'How the caption begins.' },
  prompt: { type: 'string', description: 'What the caption continues; for models that were trained to.' },
  bannedWords: { type: 'array', items: { type: 'string' }, description: 'Words that never occur.' },
  temperature: { type: 'number', exclusiveMinimum: 0, description: 'Draws words; below 1 more likely ones.' },
  topK: { type: 'integer', minimum: 0, description: 'Draws from the k most likely tokens.' },
  topP: { type: 'number', minimum: 0, maximum: 1, description: 'Draws from the most likely tokens that add up to p.' },
  seed: { type: 'integer', minimum: 0, description: 'Makes what is drawn reproducible.' },
} as const satisfies Partial<Record<keyof CaptionOptions, object>>;

type Name = keyof typeof CAPTION_PARAMETERS;
const NAMES = Object.keys(CAPTION_PARAMETERS) as Name[];

/**
 * Checks the names of options, and the bounds that the server sets; the captioner checks the rest.
 *
 * @throws InvalidArgumentError, RequestError
 */
export function readCaptionParameters(given: unknown, maxBeams: number): CaptionOptions {
  const reader = new OptionReader<Name>(given ?? {}, NAMES, { of: 'POST /caption' });
  for (const name of ['numBeams', 'numCaptions'] as const) {
    const value = reader.integer(name, 1);
    if (value !== undefined && value > maxBeams) {
      throw new RequestError(400, 'INVALID_ARGUMENT', `${name} must be at most ${maxBeams} on this server.`);
    }
  }
  return Object.fromEntries(NAMES.filter((name) => reader.isGiven(name)).map((name) => [name, reader.raw(name)]));
}

/**
 * Options from the texts of a query or a form. Arrays are names that occur several times.
 *
 * @param entries names and texts; a name that is not an option's is kept, so that it is refused with the others
 */
export function parseTexts(entries: Iterable<readonly [string, string]>): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const [name, text] of entries) {
    const type = Object.hasOwn(CAPTION_PARAMETERS, name) ? CAPTION_PARAMETERS[name as Name].type : 'string';
    if (type === 'array') options[name] = [...((options[name] as string[] | undefined) ?? []), text];
    else if (type === 'string') options[name] = text;
    // What is not a number stays a text, which the check names.
    else options[name] = text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
  }
  return options;
}
