import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { hasLostFocus, type Item } from '../state/gallery.js';
import { Compare } from './compare.js';
import { Gallery } from './gallery.js';
import { Result } from './result.js';

/** The images, and what one model or all say of the one on the stage. */
export function Captions({ item }: { readonly item: Item }) {
  const isComparing = useSignal(false);
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // The example that had the focus is gone: keyboards and screen readers continue here.
    if (hasLostFocus.value) first.current?.focus({ preventScroll: true });
    hasLostFocus.value = false;
  }, []);
  return (
    <>
      <Gallery />
      <div class="views" role="group" aria-label="View">
        <button ref={first} type="button" aria-pressed={!isComparing.value} onClick={() => (isComparing.value = false)}>
          One model
        </button>
        <button type="button" aria-pressed={isComparing.value} onClick={() => (isComparing.value = true)}>
          Compare architectures
        </button>
      </div>
      {isComparing.value ? <Compare item={item} /> : <Result item={item} key={item.id} />}
    </>
  );
}
