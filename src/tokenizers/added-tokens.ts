import type { AddedToken } from './tokenizer-file.js';

/** A part of a text: one of the added tokens, or what is between them. */
export type TextPart = { readonly tokenId: number } | { readonly text: string };

/**
 * Finds added tokens in a text as they are, before it is normalised and divided: the leftmost, and of those that begin there
 * the longest.
 */
export class AddedTokens {
  /** By their first UTF-16 unit, the longest first. */
  readonly #byFirst = new Map<string, AddedToken[]>();

  constructor(tokens: readonly AddedToken[]) {
    for (const token of [...tokens].sort((a, b) => b.content.length - a.content.length)) {
      const first = token.content.charAt(0);
      const others = this.#byFirst.get(first);
      if (others) others.push(token);
      else this.#byFirst.set(first, [token]);
    }
  }

  split(text: string): TextPart[] {
    const parts: TextPart[] = [];
    let from = 0;
    for (let at = 0; at < text.length;) {
      const token = this.#byFirst.get(text.charAt(at))?.find(({ content }) => text.startsWith(content, at));
      if (token === undefined) {
        at++;
        continue;
      }
      const before = text.slice(from, at);
      addText(parts, token.lstrip ? before.replace(/\p{White_Space}+$/u, '') : before);
      parts.push({ tokenId: token.id });
      at += token.content.length;
      from = at;
    }
    addText(parts, text.slice(from));
    return parts;
  }
}

function addText(parts: TextPart[], text: string): void {
  if (text !== '') parts.push({ text });
}
