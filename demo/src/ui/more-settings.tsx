import { isSampled, settings, setSetting, type Settings } from '../state/settings.js';

type NumberName = 'numBeams' | 'maxLength' | 'temperature' | 'seed';

const NUMBERS: readonly [name: NumberName, label: string, min: number, max: number, step: number][] = [
  ['numBeams', 'Beams', 1, 16, 1],
  ['maxLength', 'Maximum length (tokens)', 1, 30, 1],
  ['temperature', 'Temperature', 0.1, 2, 0.1],
  ['seed', 'Random seed', 0, 1_000_000, 1],
];

/** Options of the search. An empty field leaves it to the model. */
export function MoreSettings({ onApply }: { readonly onApply: () => void }) {
  return (
    <details class="more">
      <summary>More</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onApply();
        }}
      >
        {NUMBERS.map(([name, label, min, max, step]) => (
          <label key={name}>
            {label}
            <input
              type="number"
              min={min}
              max={max}
              step={step}
              placeholder="default"
              disabled={name === 'numBeams' && isSampled(settings.value)}
              value={settings.value[name] ?? ''}
              onInput={({ currentTarget }) =>
                setSetting(name, currentTarget.value === '' ? undefined : Number(currentTarget.value))
              }
            />
          </label>
        ))}
        <label>
          Gender words
          <select
            value={settings.value.gender ?? ''}
            onChange={({ currentTarget }) =>
              setSetting('gender', (currentTarget.value || undefined) as Settings['gender'])
            }
          >
            <option value="">as the model's default</option>
            <option value="confident">only when the model is sure</option>
            <option value="neutral">never</option>
            <option value="as-is">as generated</option>
          </select>
        </label>
        <p class="hint">With a temperature or a seed, words are drawn at random instead of searched for with beams.</p>
        <button type="submit" class="primary">
          Caption again
        </button>
      </form>
    </details>
  );
}
