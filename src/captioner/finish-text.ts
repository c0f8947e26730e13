import type { Manifest } from '../core/index.js';

/**
 * A caption's text as its reader expects it: without the spaces around it that byte pairs bring (`Ġa Ġdog`), sentence case and
 * full stop where the manifest asks for them. What has not come to its end has no full stop, which would say that it has.
 */
export function finishText(decoded: string, rules: Manifest['text'], isFinished: boolean): string {
  const text = decoded.trim();
  if (rules === undefined || text === '') return text;
  const first = text.slice(0, 1);
  const cased = rules.sentenceCase ? first.toLocaleUpperCase('en') + text.slice(1) : text;
  return rules.fullStop && isFinished && !/[.!?]$/.test(cased) ? `${cased}.` : cased;
}
