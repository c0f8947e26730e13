import { InvalidArgumentError } from '../core/index.js';
import { type CategoryCounts, countCategories, labelFromCounts, type LabelRule, resolveLabelRule } from './labels.js';
import type { Category, Lexicon } from './lexicon/lexicon.js';

/** One image's caption under test and what is known of the image. */
export interface CaptionedImage<Group extends string = string> {
  /** Names the image in messages. Default: its position, counted from 1. */
  readonly id?: string;
  /** The caption under test. */
  readonly caption: string;
  /** What people wrote. Default none: then `label` is needed. */
  readonly references?: readonly string[];
  /** The group, given; null for an image without one. Default: by the label rule, from the references. */
  readonly label?: Group | null;
}

/** An image, its texts sorted. */
export interface SortedImage<Group extends string = string> {
  readonly id: string;
  readonly caption: string;
  readonly references: readonly string[];
  /** The group that the image shows; null if none is known. */
  readonly label: Group | null;
  /** How the caption speaks of people. */
  readonly category: Category<Group>;
  /** How many references are of each category. */
  readonly counts: CategoryCounts<Group>;
}

/**
 * Sorts captions and references by a lexicon, and labels images.
 *
 * @throws InvalidArgumentError that names the row: for a caption or reference that is not a string, a label that is not a group of the lexicon, an image
 *   with neither references nor label, or an id that occurs twice
 */
export function sortImages<Group extends string>(
  images: Iterable<CaptionedImage<Group>>,
  lexicon: Lexicon<Group>,
  rule: LabelRule = {},
): SortedImage<Group>[] {
  resolveLabelRule(rule);
  const seen = new Map<string, number>();
  const sorted: SortedImage<Group>[] = [];
  for (const image of images) {
    const row = sorted.length + 1;
    checkImage(image, row, lexicon);
    const { id = String(row), caption, references = [] } = image;
    const first = seen.get(id);
    if (first !== undefined) throw wrong('id', `Rows ${first} and ${row} have the same id "${id}". Keep one of them.`);
    seen.set(id, row);
    const counts = countCategories(references, lexicon);
    const label = image.label === undefined ? labelFromCounts(counts, lexicon.groupNames, rule) : image.label;
    sorted.push({ id, caption, references, label, category: lexicon.categorize(caption), counts });
  }
  return sorted;
}

function checkImage<Group extends string>(image: unknown, row: number, { data, groupNames }: Lexicon<Group>): void {
  if (typeof image !== 'object' || image === null) throw wrong('images', `Row ${row} is not an object.`);
  const { id, caption, references, label } = image as Readonly<Record<string, unknown>>;
  const where = typeof id === 'string' ? `Row ${row} ("${id}")` : `Row ${row}`;
  if (id !== undefined && typeof id !== 'string') throw wrong('id', `${where}: id must be a string.`);
  if (typeof caption !== 'string') throw wrong('caption', `${where}: caption must be a string, not ${typeof caption}.`);
  const areTexts = references === undefined || (Array.isArray(references) && references.every(isText));
  if (!areTexts) throw wrong('references', `${where}: references must be an array of strings.`);
  if (label !== undefined && label !== null && !(groupNames as readonly unknown[]).includes(label)) {
    const groups = groupNames.join(', ');
    throw wrong(
      'label',
      `${where}: label must be a group of "${data.name}" (${groups}) or null, not ${JSON.stringify(label)}.`,
    );
  }
  const isUnknown = label === undefined && (references === undefined || (references as readonly string[]).length === 0);
  if (isUnknown) throw wrong('references', `${where} has neither references nor a label. Give one of them.`);
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function wrong(argument: string, message: string): InvalidArgumentError {
  return new InvalidArgumentError(argument, message);
}
