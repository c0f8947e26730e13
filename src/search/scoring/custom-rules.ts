import { InvalidArgumentError } from '../../core/index.js';
import type { LogitsProcessor, StoppingCriterion, TokenHistory } from '../types/rules.js';
import { isSomeTokenLeft, noTokenLeft } from './tokens-left.js';

/** A processor as it may be at run time. */
interface Answering {
  process(logits: Float32Array, history: TokenHistory): unknown;
}

/**
 * Runs the caller's processors on one row of scores and checks what each of them did.
 *
 * @throws InvalidArgumentError if one returns an object, such as a promise or new scores, sets a score to NaN or +Infinity, or leaves no token
 */
export function runProcessors(
  processors: readonly LogitsProcessor[],
  scores: Float32Array,
  history: TokenHistory,
): void {
  processors.forEach((processor, index) => {
    const rule = `logitsProcessors[${index}] ("${processor.name}")`;
    const answer = (processor as Answering).process(scores, history);
    // A short arrow function returns the row itself or some number. New scores or a promise would be ignored.
    if (typeof answer === 'object' && answer !== null && answer !== scores) {
      throw wrongAnswer('logitsProcessors', rule, 'process', answer);
    }
    checkScores(scores, rule);
  });
}

/**
 * Whether one of the caller's criteria ends a caption.
 *
 * @throws InvalidArgumentError if one answers with something other than true or false
 */
export function shouldStop(criteria: readonly StoppingCriterion[], history: TokenHistory): boolean {
  return criteria.some((criterion, index) => {
    const answer: unknown = criterion.shouldStop(history);
    if (typeof answer === 'boolean') return answer;
    throw wrongAnswer('stoppingCriteria', `stoppingCriteria[${index}] ("${criterion.name}")`, 'shouldStop', answer);
  });
}

function checkScores(scores: Float32Array, rule: string): void {
  for (let tokenId = 0; tokenId < scores.length; tokenId++) {
    const score = scores[tokenId] as number;
    if (score < Infinity) continue; // not so for NaN
    throw new InvalidArgumentError(
      'logitsProcessors',
      `${rule} set the score of token ${tokenId} to ${score}. Scores must be finite, or −Infinity to forbid a token.`,
    );
  }
  if (!isSomeTokenLeft(scores)) throw noTokenLeft('logitsProcessors', rule);
}

/** What a rule of each kind should do instead. */
const REMEDIES = {
  process: 'Change the scores in place and return nothing',
  shouldStop: 'Return true or false',
} as const;

function wrongAnswer(
  argument: string,
  rule: string,
  method: keyof typeof REMEDIES,
  answer: unknown,
): InvalidArgumentError {
  const isPromise = isThenable(answer);
  // It may reject later, when nobody waits for it any more.
  if (isPromise) void Promise.resolve(answer).catch(() => undefined);
  const hint = isPromise ? '; rules must be synchronous' : '';
  return new InvalidArgumentError(
    argument,
    `${rule}: ${method}() returned ${isPromise ? 'a promise' : typeName(answer)}. ${REMEDIES[method]}${hint}.`,
  );
}

function isThenable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}

function typeName(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  return Array.isArray(value) || ArrayBuffer.isView(value) ? 'an array' : `a value of type ${typeof value}`;
}
