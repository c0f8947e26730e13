import { useSignal } from '@preact/signals';
import type { Caption, CaptionResult } from 'captioneer';
import { modelId, request, type Captioning, type Item } from '../state/gallery.js';
import { lookedAt } from '../output/looked-at.js';
import { AltTextEditor } from './alt-text-editor.js';
import { Confidence } from './confidence.js';
import { duration } from './duration.js';
import { MoreSettings } from './more-settings.js';
import { Stage } from './stage.js';
import { Words } from './words.js';

const NUM_ALTERNATIVES = 5;

/** One image with the caption of the chosen model, where it looked, and what can be made of it. */
export function Result({ item }: { readonly item: Item }) {
  const wordIndex = useSignal<number | undefined>(undefined);
  const rank = useSignal(0);
  const captioning = item.captions[modelId.value];
  const done = captioning?.status === 'done' ? captioning : undefined;
  const captions = done?.result.captions ?? [];
  const caption = captions[Math.min(rank.value, captions.length - 1)];
  const word = caption?.words[wordIndex.value ?? -1];
  return (
    <section class="result" aria-label={`Caption of ${item.name}`}>
      <Stage
        url={item.url}
        name={item.name}
        attention={word?.attention}
        grid={done?.grid}
        things={lookedAt(done?.result.regions, word)}
      />
      <div class="panel">
        <CaptionText
          captioning={captioning}
          caption={caption}
          wordIndex={wordIndex}
          onRetry={() => request(item.id, modelId.value)}
        />
        {caption && done ? (
          <>
            <Confidence caption={caption} />
            <Timing result={done.result} />
            <Alternatives
              captions={captions}
              rank={rank.value}
              onChoose={(next) => {
                rank.value = next;
                wordIndex.value = undefined;
              }}
              onMore={() => request(item.id, modelId.value, NUM_ALTERNATIVES)}
            />
            <AltTextEditor item={item} caption={caption} key={`${modelId.value} ${caption.text}`} />
          </>
        ) : null}
        <MoreSettings onApply={() => request(item.id, modelId.value)} />
      </div>
    </section>
  );
}

interface CaptionTextProps {
  /** Undefined if it was stopped. */
  readonly captioning: Captioning | undefined;
  readonly caption: Caption | undefined;
  readonly wordIndex: { value: number | undefined };
  readonly onRetry: () => void;
}

function CaptionText({ captioning, caption, wordIndex, onRetry }: CaptionTextProps) {
  switch (captioning?.status) {
    case undefined:
      return (
        <p>
          <button type="button" onClick={onRetry}>
            Caption this image
          </button>
        </p>
      );
    case 'waiting':
      return <p class="caption waiting">Waiting for the model …</p>;
    case 'working':
      return (
        <p class="caption" data-testid="caption">
          {captioning.text}
          <span class="cursor" aria-hidden="true" />
        </p>
      );
    case 'failed':
      return (
        <p class="caption failed" role="alert">
          {captioning.message}{' '}
          <button type="button" onClick={onRetry}>
            Try again
          </button>
        </p>
      );
    case 'done':
      return caption ? <Words caption={caption} regions={captioning.result.regions} index={wordIndex} /> : null;
  }
}

function Timing({ result: { timing } }: { readonly result: CaptionResult }) {
  return <p class="timing">{`Captioned in ${duration(timing.totalMs)}, on this device.`}</p>;
}

interface AlternativesProps {
  readonly captions: readonly Caption[];
  readonly rank: number;
  readonly onChoose: (rank: number) => void;
  readonly onMore: () => void;
}

function Alternatives({ captions, rank, onChoose, onMore }: AlternativesProps) {
  if (captions.length < 2) {
    return (
      <button type="button" class="quiet" onClick={onMore}>
        Show alternatives
      </button>
    );
  }
  return (
    <fieldset class="alternatives">
      <legend>Alternatives, most likely first</legend>
      {captions.map(({ text, score }, index) => (
        <label key={index}>
          <input type="radio" name="alternative" checked={index === rank} onChange={() => onChoose(index)} />
          <span>{text}</span> <small>{score.toFixed(2)}</small>
        </label>
      ))}
    </fieldset>
  );
}
