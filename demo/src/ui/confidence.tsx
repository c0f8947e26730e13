import type { Caption } from 'captioneer';

const WORDS = {
  confident: ['Fairly sure', 'Captions like this one mostly agree with what people write. Details may still be wrong.'],
  review: ['Not sure', 'Check this caption before you use it.'],
  'nothing-to-describe': ['Nothing to describe', 'To the model this image looks blank.'],
} as const;

/** How sure the model is, in words. */
export function Confidence({ caption }: { readonly caption: Caption }) {
  const { confidence, assessment } = caption;
  if (confidence === undefined || assessment === undefined) return null;
  const [title, explanation] = WORDS[assessment];
  return (
    <p class={`confidence ${assessment}`} title={`${Math.round(confidence * 100)} of 100`}>
      <strong>{title}.</strong> {explanation}
    </p>
  );
}
