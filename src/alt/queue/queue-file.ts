import { readFile } from 'node:fs/promises';
import { writeFileWhole } from '../../adapters/node/files/write-file-whole.js';
import { QueueFileError } from '../../core/index.js';
import type { AltDecision, AltItem, AltQueue } from './queue.js';

/**
 * Reads a queue file.
 *
 * @throws QueueFileError if it is not there, is not JSON, or is not a queue
 */
export async function readQueue(path: string): Promise<AltQueue> {
  const queue = await readQueueIfThere(path);
  if (queue === undefined) {
    throw new QueueFileError(path, 'there is no such file. Make it with "captioneer alt write".');
  }
  return queue;
}

/** @returns undefined if there is no such file */
export async function readQueueIfThere(path: string): Promise<AltQueue | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new QueueFileError(path, `it cannot be read (${code ?? String(cause)}).`, { cause });
  }
  return parseQueue(text, path);
}

/**
 * Writes a queue file: whole or not at all, whenever the process ends.
 */
export async function writeQueue(path: string, queue: AltQueue): Promise<void> {
  await writeFileWhole(path, `${JSON.stringify(queue, undefined, 1)}\n`);
}

/**
 * The queue in the text of a file.
 *
 * @throws QueueFileError if it is not one
 */
export function parseQueue(text: string, path: string): AltQueue {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new QueueFileError(path, `it is not JSON (${(cause as Error).message}).`, { cause });
  }
  const problem = problemOf(value);
  if (problem !== undefined) throw new QueueFileError(path, `it is not a queue of alternative texts: ${problem}.`);
  return value as AltQueue;
}

/** What is wrong with the parts of a queue that edits depend on. */
function problemOf(value: unknown): string | undefined {
  if (!isObject(value)) return 'it is not an object';
  const { version, items, images } = value;
  if (version !== 1) return `version must be 1, not ${JSON.stringify(version)}`;
  if (!Array.isArray(items)) return 'items must be a list';
  if (!isObject(images)) return 'images must be an object';
  for (const [key, image] of Object.entries(images)) {
    if (!isObject(image) || !Array.isArray(image.proposals) || !image.proposals.every(isProposal)) {
      return `images["${key}"].proposals must be a list of objects with text`;
    }
  }
  for (const [index, item] of items.entries()) {
    const problem = isObject(item) ? problemOfItem(item) : 'must be an object';
    if (problem !== undefined) return `items[${index}]${problem.startsWith('.') ? '' : ' '}${problem}`;
  }
  return undefined;
}

function problemOfItem(item: Readonly<Record<string, unknown>>): string | undefined {
  for (const name of ['id', 'file', 'fileSha256', 'syntax', 'tag'] satisfies (keyof AltItem)[]) {
    if (typeof item[name] !== 'string') return `.${name} must be a string`;
  }
  const { place, decision, reasons, context, key } = item;
  if (!Array.isArray(reasons) || !isObject(context)) return '.reasons must be a list, and .context an object';
  if (key !== undefined && typeof key !== 'string') return '.key must be a string';
  if (!isObject(place) || !isByte(place.start) || !isByte(place.end) || place.end < place.start) {
    return '.place must have start and end in bytes';
  }
  if (!['html', 'jsx', 'markdown'].includes(place.notation as string)) return '.place.notation is not known';
  return decision === undefined || isAltDecision(decision) ? undefined : '.decision is not one of the known ones';
}

/** Whether a value from outside is a decision. */
export function isAltDecision(value: unknown): value is AltDecision {
  if (!isObject(value)) return false;
  const { action, text } = value;
  if (action === 'decorative' || action === 'skip') return true;
  return (action === 'accept' || action === 'edit') && typeof text === 'string' && text.trim() !== '';
}

function isProposal(value: unknown): boolean {
  return isObject(value) && typeof value.text === 'string';
}

function isByte(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
