import { InvalidArgumentError } from '../../core/index.js';
import type { Gender } from '../lexicon/data/gender-en.js';

/** A caption with the gender that its image is labelled with. */
export interface LabelledCaption {
  readonly caption: string;
  /** The label, from the corpus; the protocol takes it as given. */
  readonly label: Gender;
  /** Captions that people wrote; only the confidence protocol reads them. */
  readonly references?: readonly string[];
}

/** @internal */
export function checkLabel(label: unknown, row: number): void {
  if (label === 'male' || label === 'female') return;
  throw new InvalidArgumentError('label', `Row ${row}: label must be 'male' or 'female', not ${String(label)}.`);
}
