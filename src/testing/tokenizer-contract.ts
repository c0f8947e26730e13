import type { Tokenizer } from '../core/index.js';
import { check } from './assertions.js';
import { type ContractCase, contractCases, type ContractOptions } from './contract-case.js';

/** What the tokenizer suite needs. */
export interface TokenizerContractOptions extends ContractOptions<Tokenizer> {
  /** Texts that come back from encoding and decoding just as they are. At least one, and none empty. */
  readonly texts: readonly string[];
  /** Tokens without text: start, end, padding. */
  readonly specialTokenIds: readonly number[];
}

/** The checks of {@link Tokenizer}'s contract. */
export function tokenizerContract(options: TokenizerContractOptions): ContractCase[] {
  const { texts, specialTokenIds } = options;
  return contractCases(options, {
    'ids lie within the vocabulary': (tokenizer) => {
      for (const text of texts) {
        const ids = tokenizer.encode(text);
        check(ids.length > 0, `${JSON.stringify(text)} became no token.`);
        const wrong = ids.find((id) => !isId(tokenizer, id));
        check(wrong === undefined, `${JSON.stringify(text)}: ${wrong} is not an id below ${tokenizer.vocabularySize}.`);
      }
    },

    'texts come back': (tokenizer) => {
      for (const text of texts) {
        const back = tokenizer.decode(tokenizer.encode(text));
        check(back === text, `${JSON.stringify(text)} came back as ${JSON.stringify(back)}.`);
      }
    },

    'encoding adds no special tokens': (tokenizer) => {
      for (const text of texts) {
        const special = tokenizer.encode(text).find((id) => specialTokenIds.includes(id));
        check(special === undefined, `${JSON.stringify(text)} was encoded with the special token ${special}.`);
      }
    },

    'special tokens yield no text': (tokenizer) => {
      const alone = tokenizer.decode(specialTokenIds);
      check(alone === '', `The special tokens gave ${JSON.stringify(alone)}.`);
      for (const text of texts) {
        const around = tokenizer.decode([...specialTokenIds, ...tokenizer.encode(text), ...specialTokenIds]);
        check(around === text, `${JSON.stringify(text)} between special tokens gave ${JSON.stringify(around)}.`);
      }
    },

    'the text of a growing list of tokens only grows': (tokenizer) => {
      for (const text of texts) {
        const ids = tokenizer.encode(text);
        let before = '';
        for (let count = 1; count <= ids.length; count++) {
          const partial = tokenizer.decode(ids.slice(0, count), { isPartial: count < ids.length });
          check(partial.startsWith(before), `${JSON.stringify(before)} grew to ${JSON.stringify(partial)}.`);
          before = partial;
        }
      }
    },

    'an empty text has no tokens, and no tokens give an empty text': (tokenizer) => {
      check(tokenizer.encode('').length === 0, 'The empty text has tokens.');
      check(tokenizer.decode([]) === '', 'No tokens have a text.');
    },

    'each id has a token, special ones too': (tokenizer) => {
      const ids = [
        0,
        tokenizer.vocabularySize - 1,
        ...specialTokenIds,
        ...texts.flatMap((text) => tokenizer.encode(text)),
      ];
      const without = ids.find((id) => typeof tokenizer.token(id) !== 'string');
      check(without === undefined, `token(${without}) is not a string.`);
    },

    'an id outside the vocabulary has no token': (tokenizer) => {
      for (const id of [-1, 0.5, NaN, tokenizer.vocabularySize]) {
        check(tokenizer.token(id) === undefined, `token(${id}) is ${JSON.stringify(tokenizer.token(id))}.`);
      }
    },
  });
}

function isId(tokenizer: Tokenizer, id: number): boolean {
  return Number.isInteger(id) && id >= 0 && id < tokenizer.vocabularySize;
}
