import type { Caption, CaptionResult } from '../../index.js';
import type { ErrorReport } from '../console/error-report.js';
import { oneLine } from '../console/one-line.js';

/** Stands before a caption that a person should check. */
export const MARK = '?';
/** Stands in the place of a caption of a blank page, a wall or noise. */
export const NOTHING = 'nothing to describe';

/** What stands before each caption of an image that is one of several. */
export function labelStart(label: string): string {
  return `${oneLine(label)}: `;
}

/**
 * Whether a person should check a caption before it is used.
 *
 * @param minConfidence the level below which that is so; undefined for the model's own
 */
export function isUnsure({ assessment, confidence }: Caption, minConfidence: number | undefined): boolean {
  if (minConfidence === undefined) return assessment !== undefined && assessment !== 'confident';
  return assessment === 'nothing-to-describe' || (confidence !== undefined && confidence < minConfidence);
}

/**
 * An image's captions for people: a line each, best first, with a mark if the model is not sure.
 *
 * @param start stands before each caption
 */
export function textLines(result: CaptionResult, start: string, minConfidence: number | undefined): string {
  if (result.assessment === 'nothing-to-describe') return `${start}${MARK} ${NOTHING}\n`;
  return result.captions
    .map((caption) => `${start}${isUnsure(caption, minConfidence) ? `${MARK} ` : ''}${oneLine(caption.text)}\n`)
    .join('');
}

/**
 * An image's captions for programs: one line of JSON.
 *
 * @param more further fields
 */
export function jsonLine(result: CaptionResult, label: string, more: object = {}): string {
  const { captions, regions, timing } = result;
  const others = captions.length > 1 ? { captions: captions.map(jsonCaption) } : {};
  return `${JSON.stringify({ image: label, ...jsonCaption(result), ...others, ...more, regions, timing })}\n`;
}

/** An image's error for programs: one line of JSON. */
export function jsonErrorLine({ code, name, message }: ErrorReport, label: string): string {
  return `${JSON.stringify({ image: label, error: { code, name, message } })}\n`;
}

function jsonCaption(caption: Caption): object {
  const { text, score, logProb, confidence, assessment, finishReason, statistics, tokens } = caption;
  // The attention over the image is left out: hundreds of numbers a token.
  const plain = tokens.map((token) => ({ id: token.id, text: token.text, logProb: token.logProb }));
  return { text, score, logProb, confidence, assessment, finishReason, statistics, tokens: plain };
}
