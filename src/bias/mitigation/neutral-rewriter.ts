import { InvalidArgumentError } from '../../core/index.js';
import { indefiniteArticle } from '../../language/indefinite-article.js';
import { OTHER_CATEGORIES, type Lexicon, type LexiconMatch } from '../lexicon/lexicon.js';
import { type TextWord, textWords } from '../lexicon/words.js';
import { joinCoordinations } from './rewriting/coordination.js';
import { applyEdits, type Edit, inCaseOf } from './rewriting/edits.js';
import { neutralHer, neutralHis, type PronounContext, startsPhrase } from './rewriting/pronouns.js';
import { isAdverb, isInvertible, pluralVerb } from './rewriting/verbs.js';

/** A text with what is asked of it at each of the lexicon's words. */
interface Sentence {
  readonly text: string;
  readonly words: readonly TextWord[];
  /** Matches of groups only. */
  readonly matches: readonly LexiconMatch[];
}

/**
 * Makes a function that says English captions without a group's words: nouns become their counterparts, and what depends on
 * them follows: `her` as possessive or object, verbs after `they`, `a` and `an`, possessives of plurals, capitals. What becomes
 * the same is joined (`a man and a woman` → `two people`). A text without such words is returned as it is, and so is one that
 * was rewritten before.
 *
 * It knows words, not sentence structure: verbs are followed as far as they stand side by side (`she smiles and waves`).
 *
 * @throws InvalidArgumentError for a lexicon that is not English, or has no counterparts
 * @example
 * ```ts
 * const neutral = createNeutralRewriter(GENDER_EN);
 * neutral("A woman shows her brother's dog to an actress."); // "A person shows their sibling's dog to a performer."
 * ```
 */
export function createNeutralRewriter<Group extends string>(lexicon: Lexicon<Group>): (text: string) => string {
  const { name, language, counterparts } = lexicon.data;
  if (!/^en\b/iu.test(language) || counterparts === undefined) {
    throw new InvalidArgumentError(
      'lexicon',
      `"${name}" (${language}) cannot be used to rewrite: it must be English and have counterparts.`,
    );
  }
  const counterpartOf = new Map(Object.entries(counterparts).map(([word, text]) => [word.toLowerCase(), text]));
  const neutral = [...new Set(Object.values(counterparts))].filter((word) => word !== '' && !word.includes(' '));
  const isSingular = (word: string): boolean => !/s$|^people$|^children$|people$|^the/u.test(word);
  const singulars = ['person', 'child', ...neutral.filter(isSingular)];
  const others = ['people', 'children', ...neutral.filter((word) => !isSingular(word))];
  return (text) => {
    const matches = lexicon.find(text).filter(({ group }) => group !== OTHER_CATEGORIES[1]);
    if (matches.length === 0) return text;
    const sentence = { text, words: textWords(text), matches };
    const edits = matches.flatMap((match) =>
      editsOf(match, counterpartOf.get(match.word.toLowerCase()) ?? '', sentence),
    );
    return joinCoordinations(applyEdits(text, unique(edits)), [...new Set(singulars)], [...new Set(others)]);
  };
}

function unique(edits: readonly Edit[]): Edit[] {
  return [...new Map(edits.map((edit) => [edit.start, edit])).values()];
}

function editsOf(match: LexiconMatch, counterpart: string, sentence: Sentence): Edit[] {
  const word = sentence.text.slice(match.start, match.end);
  switch (word.toLowerCase()) {
    case 'he':
    case 'she':
      return subjectEdits(match, sentence);
    case 'her':
      return [replaced(match, sentence, neutralHer(contextOf(match, sentence)))];
    case 'his':
      return [replaced(match, sentence, neutralHis(contextOf(match, sentence)))];
    default:
      return counterpart === '' ? adjectiveEdits(match, sentence) : nounEdits(match, sentence, counterpart);
  }
}

function replaced({ start, end }: LexiconMatch, { text }: Sentence, word: string): Edit {
  return { start, end, text: inCaseOf(text.slice(start, end), word) };
}

/** `he` and `she`, with the verbs that depend on them. */
function subjectEdits(match: LexiconMatch, sentence: Sentence): Edit[] {
  const { text } = sentence;
  const clitic = /^['’](s|d|ll)\b/iu.exec(text.slice(match.end))?.[0];
  const pronoun = replaced(match, sentence, 'they');
  if (clitic !== undefined) {
    const isPerfect = /^['’]s (?:got|been|had)\b/iu.test(text.slice(match.end));
    const ending = /s$/iu.test(clitic) ? (isPerfect ? "'ve" : "'re") : clitic;
    return [{ ...pronoun, end: match.end + clitic.length, text: pronoun.text + ending }];
  }
  const before = previousWord(match.start, sentence);
  if (before !== undefined && isInvertible(before.text.toLowerCase())) {
    return [pronoun, ...verbEdit(before, sentence)];
  }
  return [pronoun, ...verbEdits(match.end, sentence)];
}

/** The verbs after a place: the first, adverbs skipped, and those joined to it side by side. */
function verbEdits(from: number, sentence: Sentence): Edit[] {
  const edits: Edit[] = [];
  let at = from;
  let gap = /^\s+$/u;
  for (;;) {
    const verb = firstVerb(at, gap, sentence);
    const edit = verb && verbEdit(verb, sentence);
    if (verb === undefined || edit === undefined || edit.length === 0) return edits;
    edits.push(...edit);
    at = fullEnd(verb, sentence);
    gap = /^(?:,\s+|,?\s+(?:and|or|then|and then)\s+)$/u;
  }
}

function firstVerb(from: number, gap: RegExp, { text, words }: Sentence): TextWord | undefined {
  let at = from;
  let isBetween = gap;
  const following = words.filter(({ start }) => start >= from);
  for (let index = 0; index < following.length; index++) {
    const word = following[index]!;
    const isLink = /^(?:and|or|then)$/u.test(word.text) && gap.test(`${text.slice(at, word.end)} `);
    if (isLink) continue;
    if (!isBetween.test(text.slice(at, word.start))) return undefined;
    if (!isAdverb(word.text.toLowerCase())) return word;
    at = word.end;
    isBetween = /^\s+$/u;
  }
  return undefined;
}

function verbEdit(verb: TextWord, { text }: Sentence): Edit[] {
  const end = fullEnd(verb, { text });
  const form = text.slice(verb.start, end);
  const plural = pluralVerb(form.toLowerCase().replaceAll('’', "'"));
  return plural === undefined ? [] : [{ start: verb.start, end, text: inCaseOf(form, plural) }];
}

/** The end of a word with what `textWords` takes for a possessive. */
function fullEnd({ end }: TextWord, { text }: Pick<Sentence, 'text'>): number {
  return end + (/^['’]s\b/iu.exec(text.slice(end))?.[0].length ?? 0);
}

/** `male` and `female`: left out before a noun (`a female skier` → `a skier`), else a person. */
function adjectiveEdits(match: LexiconMatch, sentence: Sentence): Edit[] {
  const { next, afterNext } = contextOf(match, sentence);
  const following = nextWord(match.end, sentence);
  const isCoordinated = next === 'and' || next === 'or';
  const second = isCoordinated && sentence.matches.find(({ start }) => start === wordAfter(following, sentence)?.start);
  if (second && /^(?:fe)?male$/iu.test(sentence.text.slice(second.start, second.end))) {
    return [{ start: match.start, end: second.start, text: '' }]; // `male and female dancers`
  }
  if (isNoun(match, next, afterNext, sentence) || following === undefined) return nounEdits(match, sentence, 'person');
  const rest = sentence.text.slice(match.start, match.end);
  const kept = inCaseOf(rest, sentence.text.slice(following.start, following.end));
  const isReplaced = sentence.matches.some(({ start }) => start === following.start);
  const edits: Edit[] = [{ start: match.start, end: following.start, text: '' }, ...articleEdit(match, sentence, kept)];
  if (!isReplaced) edits.push({ start: following.start, end: following.end, text: kept });
  return edits;
}

function isNoun(
  match: LexiconMatch,
  next: string | undefined,
  afterNext: string | undefined,
  sentence: Sentence,
): boolean {
  if (startsPhrase(next) || isAdverb(next ?? '')) return true;
  const article = previousWord(match.start, sentence)?.text.toLowerCase() ?? '';
  const isSingular = /^(?:a|an|one)$/u.test(article);
  // After `a male` a word in -s is a verb, one in -ing is one if its phrase ends there.
  return (
    (isSingular && pluralVerb(next ?? '') !== undefined) ||
    (/[a-z]{3}ing$/u.test(next ?? '') && startsPhrase(afterNext))
  );
}

/** A noun, its article, and the possessive of a plural in -s whose counterpart has none. */
function nounEdits(match: LexiconMatch, sentence: Sentence, counterpart: string): Edit[] {
  const edit = replaced(match, sentence, counterpart);
  const isPluralPossessive =
    /^['’](?!s\b)/iu.test(sentence.text.slice(match.end)) && /s$/iu.test(sentence.text.slice(0, match.end));
  const noun =
    isPluralPossessive && !counterpart.endsWith('s') ? { ...edit, end: match.end + 1, text: `${edit.text}'s` } : edit;
  return [noun, ...articleEdit(match, sentence, counterpart)];
}

/** `a` or `an` right before a word that changes. */
function articleEdit(match: LexiconMatch, sentence: Sentence, next: string): Edit[] {
  const article = previousWord(match.start, sentence);
  if (article === undefined || !/^an?$/iu.test(article.text)) return [];
  const text = inCaseOf(article.text.slice(0, 1), indefiniteArticle(next) ?? article.text.toLowerCase());
  return [{ start: article.start, end: article.end, text }];
}

function contextOf(match: LexiconMatch, sentence: Sentence): PronounContext {
  const next = nextWord(match.end, sentence);
  return {
    previous: previousWord(match.start, sentence)?.text.toLowerCase(),
    next: next?.text.toLowerCase(),
    afterNext: wordAfter(next, sentence)?.text.toLowerCase(),
  };
}

/** The word before a place, if nothing but white space is between. */
function previousWord(at: number, { text, words }: Sentence): TextWord | undefined {
  return words.find(({ end }) => end < at && /^\s+$/u.test(text.slice(end, at)));
}

/** The word after a place, if nothing but white space is between. */
function nextWord(at: number, { text, words }: Sentence): TextWord | undefined {
  return words.find(({ start }) => start > at && /^\s+$/u.test(text.slice(at, start)));
}

function wordAfter(word: TextWord | undefined, sentence: Sentence): TextWord | undefined {
  return word && nextWord(word.end, sentence);
}
