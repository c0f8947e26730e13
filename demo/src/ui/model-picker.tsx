import { useSignal } from '@preact/signals';
import { CATALOG, megabytes, modelById } from '../state/catalog.js';
import { cancelModel, chooseModel, modelId } from '../state/gallery.js';
import { captionerOf, modelStates, type ModelState } from '../state/models.js';
import { duration } from './duration.js';

/** The choice of the model, what is known of it, and the progress of its download. */
export function ModelPicker() {
  const isHub = useSignal(false);
  const model = modelById(modelId.value);
  const state = modelStates.value[model.id] ?? { status: 'absent' };
  const choose = (id: string): void => {
    chooseModel(id);
    captionerOf(id).catch(() => undefined);
  };
  return (
    <section class="model" aria-label="Model">
      <label>
        Model{' '}
        <select
          value={isHub.value ? 'hub' : model.id}
          onChange={({ currentTarget }) => {
            isHub.value = currentTarget.value === 'hub';
            if (!isHub.value) choose(currentTarget.value);
          }}
        >
          {CATALOG.map(({ id, title, facts }) => (
            <option key={id} value={id}>
              {`${title}: ${facts}`}
            </option>
          ))}
          <option value="hub">From the Hugging Face hub …</option>
        </select>
      </label>
      {isHub.value ? <HubForm onChoose={choose} /> : null}
      <p
        class="model-note"
        title="CIDEr-D: agreement with captions by people, on general photographs; higher is better"
      >
        {[`${model.architecture}.`, model.note].join(' ')}
      </p>
      <Progress id={model.id} state={state} onRetry={() => choose(model.id)} />
    </section>
  );
}

function HubForm({ onChoose }: { readonly onChoose: (id: string) => void }) {
  return (
    <form
      class="hub"
      onSubmit={(event) => {
        event.preventDefault();
        const id = (new FormData(event.currentTarget).get('id') as string).trim(); // A text field's value.
        if (id !== '') onChoose(id);
      }}
    >
      <label>
        Model id <input name="id" placeholder="owner/name" pattern="[^\/\s]+\/[^\/\s]+" required spellcheck={false} />
      </label>
      <button type="submit">Load</button>
      <p>The model is downloaded from huggingface.co and kept in this browser.</p>
    </form>
  );
}

interface ProgressProps {
  readonly id: string;
  readonly state: ModelState;
  readonly onRetry: () => void;
}

function Progress({ id, state, onRetry }: ProgressProps) {
  switch (state.status) {
    case 'absent':
      return (
        <p class="model-state">
          <button type="button" onClick={onRetry}>
            Load the model
          </button>
        </p>
      );
    case 'ready':
      return <p class="model-state">Ready in {duration(state.loadMs)}</p>;
    case 'failed':
      return (
        <p class="model-state failed" role="alert">
          {state.message}{' '}
          <button type="button" onClick={onRetry}>
            Try again
          </button>
        </p>
      );
    case 'loading': {
      const { loadedBytes, totalBytes } = state;
      const total = totalBytes === undefined ? '' : ` of ${megabytes(totalBytes)}`;
      const hasArrived = totalBytes !== undefined && loadedBytes >= totalBytes;
      return (
        <p class="model-state">
          <progress
            aria-label="Download of the model"
            {...(totalBytes !== undefined && { max: totalBytes, value: Math.min(loadedBytes, totalBytes) })}
          />{' '}
          {hasArrived ? 'Starting the model …' : `${megabytes(loadedBytes)}${total}`}{' '}
          <button type="button" onClick={() => cancelModel(id)}>
            Cancel
          </button>
        </p>
      );
    }
  }
}
