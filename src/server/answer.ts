import type { Caption, CaptionResult } from '../captioner/index.js';
import type { RequestError } from './request-error.js';

/** A result as JSON: no tokens, words or attention, which few need and which are much longer than the text. */
export function answerOf(result: CaptionResult, model: string): object {
  const { captions, timing } = result;
  return { model, ...captionOf(result), ...(captions.length > 1 && { captions: captions.map(captionOf) }), timing };
}

function captionOf({ text, score, logProb, confidence, assessment, finishReason }: Caption): object {
  return { text, score, logProb, confidence, assessment, finishReason };
}

/** An error as JSON. */
export function errorBody({ code, message }: RequestError): object {
  return { error: { code, message } };
}

/** The headers of an error. */
export function errorHeaders({ retryAfterSeconds }: RequestError): Record<string, string> {
  return retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
}

/** An event of a stream of server-sent events. */
export function eventOf(event: string, data: object): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
