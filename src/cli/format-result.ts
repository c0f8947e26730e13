import type { Caption, CaptionResult } from '../index.js';
import type { ErrorReport } from './error-report.js';
import { oneLine } from './one-line.js';

/**
 * A picture's captions for people: a line each, best first.
 *
 * @param label stands before each caption; undefined where only one picture was asked for
 */
export function textLines(result: CaptionResult, label: string | undefined): string {
  const start = label === undefined ? '' : `${oneLine(label)}: `;
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

function jsonCaption({ text, score, logProb, isFinished, tokens }: Caption): object {
  // The attention over the picture is left out: hundreds of numbers a token.
  const plain = tokens.map((token) => ({ id: token.id, text: token.text, logProb: token.logProb }));
  return { text, score, logProb, isFinished, tokens: plain };
}
