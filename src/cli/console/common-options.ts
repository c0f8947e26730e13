import { Option } from 'commander';
import { wholeNumber, type ParseValue } from './option-values.js';

/** An option whose value is a number. */
export function numberOption(flags: string, description: string, parse: ParseValue): Option {
  return new Option(flags, description).argParser(parse);
}

/** How many threads caption at once. */
export function workersOption(): Option {
  return numberOption(
    '--workers <n>',
    'threads with a copy of the model each (default: one for each core, at most 4)',
    wholeNumber('--workers', 1, 64),
  );
}
