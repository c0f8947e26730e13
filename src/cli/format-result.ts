import type { Caption, CaptionResult } from '../index.js';
import type { ErrorReport } from './error-report.js';
import { oneLine } from './one-line.js';

/** What stands before each caption of a picture that is one of several. */
export function labelStart(label: string): string {
  return `${oneLine(label)}: `;
}

/**
 * A picture's captions for people: a line each, best first.
 *
 * @param start stands before each caption
 */
export function textLines(result: CaptionResult, start: string): string {
  return result.captions.map(({ text }) => `${start}${oneLine(text)}\n`).join('');
}

/** A picture's captions for programs: one line of JSON. */
export function jsonLine(result: CaptionResult, label: string): string {
  const { captions, timing } = result;
  const others = captions.length > 1 ? { captions: captions.map(jsonCaption) } : {};
  return `${JSON.stringify({ image: label, ...jsonCaption(result), ...others, timing })}\n`;
}

/** A picture's error for programs: one line of JSON. */
export function jsonErrorLine({ code, name, message }: ErrorReport, label: string): string {
  return `${JSON.stringify({ image: label, error: { code, name, message } })}\n`;
}

function jsonCaption({ text, score, logProb, confidence, isFinished, statistics, tokens }: Caption): object {
  // The attention over the picture is left out: hundreds of numbers a token.
  const plain = tokens.map((token) => ({ id: token.id, text: token.text, logProb: token.logProb }));
  return {
    text,
    score,
    logProb,
    ...(confidence !== undefined && { confidence }),
    isFinished,
    statistics,
    tokens: plain,
  };
}
