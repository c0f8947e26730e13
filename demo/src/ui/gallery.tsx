import { items, modelId, pending, removeItem, selectedId, stopAll } from '../state/gallery.js';
import type { ListFormat } from '../output/download.js';

const FORMATS: readonly [ListFormat, string][] = [
  ['csv', 'CSV'],
  ['json', 'JSON'],
  ['zip', 'ZIP with text files'],
];

/** What writes files is fetched when it is needed. */
async function download(format: ListFormat): Promise<void> {
  const { downloadCaptions } = await import('../output/download.js');
  downloadCaptions(format);
}

/** All images as thumbnails, and what can be done with all of them. */
export function Gallery() {
  const all = items.value;
  if (all.length < 2) return null;
  return (
    <section class="gallery" aria-label="Images">
      <ul>
        {all.map(({ id, name, url, captions }) => {
          const captioning = captions[modelId.value];
          return (
            <li key={id} class={captioning?.status ?? 'waiting'}>
              <button type="button" aria-current={id === selectedId.value} onClick={() => (selectedId.value = id)}>
                <img src={url} alt={name} width="96" height="72" loading="lazy" decoding="async" />
              </button>
              <button type="button" class="remove" aria-label={`Remove ${name}`} onClick={() => removeItem(id)}>
                ×
              </button>
            </li>
          );
        })}
      </ul>
      <div class="actions">
        {pending.value > 0 ? (
          <>
            <span>{`${pending.value} left`}</span>
            <button type="button" onClick={stopAll}>
              Stop
            </button>
          </>
        ) : (
          <>
            <span>{`Captions of ${all.length} images:`}</span>
            {FORMATS.map(([format, label]) => (
              <button key={format} type="button" onClick={() => void download(format)}>
                {label}
              </button>
            ))}
          </>
        )}
      </div>
    </section>
  );
}
