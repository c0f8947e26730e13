import { signal } from '@preact/signals';
import { Captioner } from 'captioneer/worker';
import { errorText } from './error-text.js';
import { modelById } from './catalog.js';

/** What is known of a model in this page. */
export type ModelState =
  | { readonly status: 'absent' }
  | { readonly status: 'loading'; readonly loadedBytes: number; readonly totalBytes: number | undefined }
  | { readonly status: 'ready'; readonly loadMs: number }
  | { readonly status: 'failed'; readonly message: string };

/** Models in memory at once; the one unused for the longest time gives way. */
const MAX_LOADED = 5;

interface Loaded {
  readonly captioner: Promise<Captioner>;
  readonly abort: AbortController;
}

const loaded = new Map<string, Loaded>();

/** By model id. */
export const modelStates = signal<Readonly<Record<string, ModelState>>>({});

/** The captioner of a model, loaded if it is not yet. */
export function captionerOf(id: string): Promise<Captioner> {
  const known = loaded.get(id);
  if (known) {
    // Map order is order of use.
    loaded.delete(id);
    loaded.set(id, known);
    return known.captioner;
  }
  const abort = new AbortController();
  const captioner = load(id, abort.signal);
  loaded.set(id, { captioner, abort });
  captioner.catch(() => loaded.delete(id));
  dropOldest();
  return captioner;
}

/** Stops the download of a model. */
export function cancelLoading(id: string): void {
  loaded.get(id)?.abort.abort(new DOMException('The download was cancelled.', 'AbortError'));
}

async function load(id: string, abortSignal: AbortSignal): Promise<Captioner> {
  const { source, bytes } = modelById(id);
  const files = new Map<string, number>();
  const started = performance.now();
  setState(id, { status: 'loading', loadedBytes: 0, totalBytes: bytes });
  try {
    const captioner = await Captioner.load(source, {
      signal: abortSignal,
      ...(bytes === undefined && { dtype: 'q8' as const }),
      progress: ({ file, loadedBytes }) => {
        files.set(file, loadedBytes);
        const sum = [...files.values()].reduce((total, value) => total + value, 0);
        setState(id, { status: 'loading', loadedBytes: sum, totalBytes: bytes });
      },
    });
    setState(id, { status: 'ready', loadMs: performance.now() - started });
    return captioner;
  } catch (error) {
    setState(id, abortSignal.aborted ? { status: 'absent' } : { status: 'failed', message: errorText(error) });
    throw error;
  }
}

function dropOldest(): void {
  for (const [id, { captioner }] of loaded) {
    if (loaded.size <= MAX_LOADED) return;
    if (modelStates.value[id]?.status !== 'ready') continue;
    loaded.delete(id);
    setState(id, { status: 'absent' });
    void captioner.then((model) => model.dispose());
  }
}

function setState(id: string, state: ModelState): void {
  modelStates.value = { ...modelStates.value, [id]: state };
}
