import { computed, signal } from '@preact/signals';
import type { CaptionResult } from 'captioneer';
import type { Captioner } from 'captioneer/worker';
import { cancelLoading, captionerOf } from './models.js';
import { errorText } from './error-text.js';
import { captionOptions } from './settings.js';

/** The grid of image regions that a model attends to. */
export type Grid = NonNullable<Captioner['manifest']['regions']>;

/** What one model says of one image. */
export type Captioning =
  | { readonly status: 'waiting' }
  | { readonly status: 'working'; readonly text: string }
  | { readonly status: 'done'; readonly result: CaptionResult; readonly grid: Grid | undefined }
  | { readonly status: 'failed'; readonly message: string };

/** An image in the gallery. */
export interface Item {
  readonly id: number;
  readonly name: string;
  readonly blob: Blob;
  /** An object URL of the blob. */
  readonly url: string;
  /** By model id. */
  readonly captions: Readonly<Record<string, Captioning>>;
  /** The alternative text as the visitor has edited it. */
  readonly altText: string | undefined;
}

export const items = signal<readonly Item[]>([]);
export const selectedId = signal<number | undefined>(undefined);
export const modelId = signal('default');
/** Read aloud by screen readers. */
export const announcement = signal('');
/** Whether what had the focus gives way to the captions. */
export const hasLostFocus = signal(false);
/** What was dropped last and is not an image; empty if that is nothing. */
export const leftOut = signal('');

/** The image on the stage. */
export const selected = computed(() => items.value.find(({ id }) => id === selectedId.value));

/** How many captions are still to come. */
export const pending = computed(
  () =>
    items.value
      .flatMap(({ captions }) => Object.values(captions))
      .filter(({ status }) => status === 'waiting' || status === 'working').length,
);

interface Job {
  readonly itemId: number;
  readonly modelId: string;
  /** Alternatives to look for. */
  readonly numCaptions: number;
}

let nextId = 1;
const jobs: Job[] = [];
let isRunning = false;
let current: { readonly job: Job; readonly abort: AbortController } | undefined;

/** Adds images, shows the first of them and captions them all with the chosen model. */
export function addImages(images: readonly { readonly name: string; readonly blob: Blob }[]): void {
  const taken = new Set(items.value.map(({ name }) => name));
  const added = images.map(({ name, blob }) => ({
    id: nextId++,
    name: uniqueName(name, taken),
    blob,
    url: URL.createObjectURL(blob),
    captions: {},
    altText: undefined,
  }));
  const [first] = added;
  if (!first) return;
  items.value = [...items.value, ...added];
  selectedId.value = first.id;
  for (const { id } of added) request(id, modelId.value);
}

/** `image.png`, and `image (2).png` if that is taken: lists and sidecar files are by name. */
function uniqueName(name: string, taken: Set<string>): string {
  const dot = name.lastIndexOf('.');
  const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  let unique = name;
  for (let number = 2; taken.has(unique); number++) unique = `${stem} (${number})${extension}`;
  taken.add(unique);
  return unique;
}

/** Removes an image and what is left to do for it. */
export function removeItem(id: number): void {
  const index = items.value.findIndex((item) => item.id === id);
  const item = items.value[index];
  if (!item) return;
  URL.revokeObjectURL(item.url);
  drop((job) => job.itemId === id);
  items.value = items.value.filter((other) => other !== item);
  if (selectedId.value === id) selectedId.value = items.value[Math.min(index, items.value.length - 1)]?.id;
}

/** Chooses a model, and captions the images that have no caption of it yet. */
export function chooseModel(id: string): void {
  drop((job) => job.modelId !== id);
  modelId.value = id;
  for (const item of items.value) if (!isSettled(item.captions[id])) request(item.id, id);
}

/** Captions an image (again). */
export function request(itemId: number, model: string, numCaptions = 1): void {
  drop((job) => job.itemId === itemId && job.modelId === model);
  setCaptioning(itemId, model, { status: 'waiting' });
  const job = { itemId, modelId: model, numCaptions };
  // The image on the stage comes first.
  if (itemId === selectedId.value) jobs.unshift(job);
  else jobs.push(job);
  void run();
}

/** Stops the download of a model, and what waits for it. */
export function cancelModel(id: string): void {
  drop((job) => job.modelId === id);
  cancelLoading(id);
}

/** Stops everything that is under way. */
export function stopAll(): void {
  drop(() => true);
}

/** Keeps an edited alternative text. */
export function setAltText(itemId: number, altText: string | undefined): void {
  update(itemId, (item) => ({ ...item, altText }));
}

async function run(): Promise<void> {
  if (isRunning) return;
  isRunning = true;
  for (let job = jobs.shift(); job; job = jobs.shift()) {
    current = { job, abort: new AbortController() };
    await work(job, current.abort.signal);
  }
  current = undefined;
  isRunning = false;
}

async function work(job: Job, signal: AbortSignal): Promise<void> {
  const { itemId, modelId: model, numCaptions } = job;
  const item = items.value.find(({ id }) => id === itemId);
  if (!item) return;
  try {
    const captioner = await captionerOf(model);
    signal.throwIfAborted();
    const options = { ...captionOptions(numCaptions), signal };
    const stream = captioner.stream(item.blob, options);
    let text = '';
    for await (const piece of stream) {
      text += piece;
      setCaptioning(itemId, model, { status: 'working', text });
    }
    const result = await stream.result;
    setCaptioning(itemId, model, { status: 'done', result, grid: captioner.manifest.regions });
    if (itemId === selectedId.value) announcement.value = result.text;
  } catch (error) {
    if (signal.aborted || (error as { name?: unknown } | null)?.name === 'AbortError') {
      clearCaptioning(itemId, model);
      return;
    }
    const message = errorText(error);
    setCaptioning(itemId, model, { status: 'failed', message });
    announcement.value = `${item.name}: ${message}`;
  }
}

/** Takes back jobs that wait, and stops the one under way if it is among them. */
function drop(isDropped: (job: Job) => boolean): void {
  for (let index = jobs.length - 1; index >= 0; index--) {
    const job = jobs[index] as Job;
    if (!isDropped(job)) continue;
    jobs.splice(index, 1);
    clearCaptioning(job.itemId, job.modelId);
  }
  if (current && isDropped(current.job)) current.abort.abort();
}

function isSettled(captioning: Captioning | undefined): boolean {
  return captioning?.status === 'done' || captioning?.status === 'working';
}

function setCaptioning(itemId: number, model: string, captioning: Captioning): void {
  update(itemId, (item) => ({ ...item, captions: { ...item.captions, [model]: captioning } }));
}

function clearCaptioning(itemId: number, model: string): void {
  update(itemId, (item) => {
    if (item.captions[model]?.status === 'done') return item;
    const { [model]: _, ...captions } = item.captions;
    return { ...item, captions };
  });
}

function update(itemId: number, change: (item: Item) => Item): void {
  items.value = items.value.map((item) => (item.id === itemId ? change(item) : item));
}
