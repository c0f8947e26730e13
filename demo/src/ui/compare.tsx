import { useEffect } from 'preact/hooks';
import { COMPARED, megabytes, modelById } from '../state/catalog.js';
import { request, type Captioning, type Item } from '../state/gallery.js';
import { modelStates } from '../state/models.js';
import { duration } from './duration.js';

/** Images that have been compared, by id. */
const compared = new Set<number>();

/** The same image captioned by one model of each architecture, side by side. */
export function Compare({ item }: { readonly item: Item }) {
  useEffect(() => {
    // A caption that is there already may be the page's first, made while the runtime was still being compiled: its time is not comparable.
    const isNew = !compared.has(item.id);
    compared.add(item.id);
    for (const id of COMPARED) if (isNew || !item.captions[id]) request(item.id, id);
  }, [item.id]);
  return (
    <section class="compare" aria-label="Comparison of the architectures">
      <img class="compared-image" src={item.url} alt={`The image ${item.name}`} />
      <ol>
        {COMPARED.map((id) => (
          <Card key={id} id={id} captioning={item.captions[id]} />
        ))}
      </ol>
    </section>
  );
}

function Card({ id, captioning }: { readonly id: string; readonly captioning: Captioning | undefined }) {
  const { title, architecture, bytes = 0 } = modelById(id);
  return (
    <li class={`card ${captioning?.status ?? 'waiting'}`}>
      <h2>{title}</h2>
      <p class="architecture">{architecture}</p>
      <p class="caption" data-testid={`caption-${id}`}>
        {text(id, captioning)}
      </p>
      <p class="facts">
        {captioning?.status === 'done' ? `${duration(captioning.result.timing.totalMs)} · ` : ''}
        {captioning?.status === 'done' && captioning.result.confidence !== undefined
          ? `confidence ${Math.round(captioning.result.confidence * 100)} of 100 · `
          : ''}
        {megabytes(bytes)}
      </p>
    </li>
  );
}

function text(id: string, captioning: Captioning | undefined): string {
  const state = modelStates.value[id];
  if (captioning?.status === 'done') return captioning.result.text;
  if (captioning?.status === 'failed') return captioning.message;
  if (captioning?.status === 'working') return captioning.text;
  if (state?.status === 'loading') {
    return `Loading the model: ${megabytes(state.loadedBytes)} of ${megabytes(state.totalBytes ?? 0)}`;
  }
  return 'Waiting …';
}
