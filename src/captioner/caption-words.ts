import { cleanText } from './clean-text.js';
import type { CaptionToken, CaptionWord } from './caption-result.js';
import type { Tokenizer } from '../core/index.js';

/**
 * Puts tokens together to words: a token begins a word where its text begins after white space, or at the start.
 *
 * @param prefix tokens before them that are no words of the result
 */
export function captionWords(
  tokens: readonly CaptionToken[],
  prefix: readonly number[],
  tokenizer: Tokenizer,
): CaptionWord[] {
  const words: { text: string; tokens: CaptionToken[] }[] = [];
  const tokenIds = [...prefix];
  let before = tokenizer.decode(tokenIds, { isPartial: true });
  for (const [index, token] of tokens.entries()) {
    tokenIds.push(token.id);
    const after = tokenizer.decode(tokenIds, { isPartial: index < tokens.length - 1 });
    const piece = after.slice(before.length);
    before = after;
    const last = words.at(-1);
    if (last === undefined || /^\s/.test(piece)) words.push({ text: piece.trimStart(), tokens: [token] });
    else {
      last.text += piece;
      last.tokens.push(token);
    }
  }
  return words.map(toWord);
}

function toWord({ text, tokens }: { readonly text: string; readonly tokens: readonly CaptionToken[] }): CaptionWord {
  const attention = meanAttention(tokens, 'attention');
  const regionAttention = meanAttention(tokens, 'regionAttention');
  return {
    text: cleanText(text),
    logProb: tokens.reduce((sum, { logProb }) => sum + logProb, 0),
    ...(attention && { attention }),
    ...(regionAttention && { regionAttention }),
  };
}

function meanAttention(
  tokens: readonly CaptionToken[],
  part: 'attention' | 'regionAttention',
): Float32Array | undefined {
  const maps = tokens.map((token) => token[part]).filter((attention) => attention !== undefined); // [tokens][regions]
  return maps[0]?.map((_, region) => maps.reduce((sum, map) => sum + (map[region] as number), 0) / maps.length);
}
