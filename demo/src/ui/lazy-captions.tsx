import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Item } from '../state/gallery.js';

const loaded = signal<typeof import('./captions.js') | undefined>(undefined);

/** Loads what shows captions, which the first screen does not need. */
export async function loadCaptions(): Promise<void> {
  loaded.value ??= await import('./captions.js');
}

/** The captions, as soon as it is there. */
export function LazyCaptions({ item }: { readonly item: Item }) {
  useEffect(() => void loadCaptions(), []);
  const view = loaded.value;
  return view ? <view.Captions item={item} /> : null;
}
