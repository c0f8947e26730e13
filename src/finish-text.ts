import type { Manifest } from './core/index.js';

/** A caption's text as its reader expects it: sentence case and full stop where the manifest asks for them. */
export function finishText(text: string, rules: Manifest['text']): string {
  if (rules === undefined || text === '') return text;
  const first = text.slice(0, 1);
  const cased = rules.sentenceCase ? first.toLocaleUpperCase('en') + text.slice(1) : text;
  return rules.fullStop && !/[.!?]$/.test(cased) ? `${cased}.` : cased;
}
