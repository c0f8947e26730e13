import { useSignal } from '@preact/signals';
import { toAltText, type Caption } from 'captioneer';
import { announcement, setAltText, type Item } from '../state/gallery.js';
import { settings, setSetting } from '../state/settings.js';

const FORMATS: readonly [label: string, write: (text: string, file: string) => string][] = [
  ['Text', (text) => text],
  ['HTML', (text, file) => `<img src="${attribute(file)}" alt="${attribute(text)}">`],
  ['Markdown', (text, file) => `![${text.replace(/([[\]\\])/g, '\\$1')}](${encodeURI(file)})`],
];

/** Alternative text made of the caption: can be edited and copied. */
export function AltTextEditor({ item, caption }: { readonly item: Item; readonly caption: Caption }) {
  const maxCharacters = settings.value.altMaxCharacters;
  const proposal = toAltText(caption, { maxCharacters }).text;
  const text = item.altText ?? proposal;
  const copied = useSignal<string | undefined>(undefined);
  const copy = async (label: string, write: (text: string, file: string) => string): Promise<void> => {
    try {
      await navigator.clipboard.writeText(write(text, item.name));
      copied.value = label;
      announcement.value = `Copied as ${label}.`;
    } catch {
      announcement.value = 'This browser does not let the page copy. Select the text and copy it yourself.';
    }
  };
  return (
    <div class="alt-text">
      <label>
        Alternative text
        <textarea rows={2} value={text} onInput={({ currentTarget }) => setAltText(item.id, currentTarget.value)} />
      </label>
      <div class="actions">
        <span class={text.length > maxCharacters ? 'over' : ''}>{`${text.length} of `}</span>
        <input
          type="number"
          min="20"
          max="500"
          aria-label="Maximum characters"
          value={maxCharacters}
          onChange={({ currentTarget }) =>
            setSetting('altMaxCharacters', Math.min(500, Math.max(20, Number(currentTarget.value) || 125)))
          }
        />
        {FORMATS.map(([label, write]) => (
          <button key={label} type="button" onClick={() => void copy(label, write)}>
            {copied.value === label ? `Copied ${label}` : `Copy ${label}`}
          </button>
        ))}
        {item.altText !== undefined && item.altText !== proposal ? (
          <button type="button" class="quiet" onClick={() => setAltText(item.id, undefined)}>
            Reset
          </button>
        ) : null}
      </div>
    </div>
  );
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
