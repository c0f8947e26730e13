import type { Caption, CaptionRegion } from 'captioneer';
import { lookedAt, type LookedAt } from '../output/looked-at.js';

interface WordsProps {
  readonly caption: Caption;
  /** What the model's detector found, if it has one. */
  readonly regions: readonly CaptionRegion[] | undefined;
  /** The word whose attention is shown. */
  readonly index: { value: number | undefined };
}

/** A caption word by word. Hover a word, or move with the arrow keys, to see where the model looked. */
export function Words({ caption, regions, index }: WordsProps) {
  const { words } = caption;
  const hasAttention = words.some(({ attention }) => attention !== undefined);
  if (!hasAttention) {
    return (
      <p class="caption" data-testid="caption">
        {caption.text}
      </p>
    );
  }
  const move = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    index.value = Math.min(words.length - 1, Math.max(0, (index.value ?? (step > 0 ? -1 : words.length)) + step));
    const buttons = (event.currentTarget as HTMLElement).querySelectorAll('button');
    buttons[index.value]?.focus();
  };
  return (
    <div>
      <p class="caption" data-testid="caption" onKeyDown={move} onMouseLeave={() => (index.value = undefined)}>
        {display(caption).flatMap((text, position) => [
          position > 0 ? ' ' : '',
          <button
            key={position}
            type="button"
            class="word"
            aria-pressed={index.value === position}
            aria-label={`${text}: ${describe(lookedAt(regions, words[position]))}`}
            tabIndex={position === (index.value ?? 0) ? 0 : -1}
            onMouseEnter={() => (index.value = position)}
            onFocus={() => (index.value = position)}
          >
            {text}
          </button>,
        ])}
      </p>
      <p class="hint">Point at a word, or use the arrow keys, to see where the model looked.</p>
    </div>
  );
}

function describe([most]: readonly LookedAt[]): string {
  return most ? `the model looked at ${most.region.label}` : 'show where the model looked';
}

/** The words as the finished text has them: first letter, full stop. */
function display({ text, words }: Caption): string[] {
  const written = text.split(/\s+/);
  return written.length === words.length ? written : words.map((word) => word.text.trim());
}
