import { inCaseOf } from './edits.js';

/** A person, and several, for the neutral words that coordinations end up with. */
const PLURALS: Readonly<Record<string, string>> = { person: 'people', child: 'children' };

const plural = (noun: string): string => PLURALS[noun] ?? `${noun}s`;

/**
 * Joins what became the same: `a person and a person` → `two people`, `people and people` → `people`, `they or they` → `they`.
 *
 * @param singulars neutral words for one person, in lower case
 * @param others neutral words for several, and pronouns, in lower case
 */
export function joinCoordinations(text: string, singulars: readonly string[], others: readonly string[]): string {
  const same = new RegExp(String.raw`\b(${others.join('|')})(?: and| or|/) ?(?:the )?\1\b(?!['’-])`, 'giu');
  const pair = new RegExp(
    String.raw`\b(an?|the|one) (${singulars.join('|')})(?: and|,? along with| with) (?:(?:an?|the|one|another) )?\2\b(?!['’-])`,
    'giu',
  );
  return text
    .replace(same, (_, word: string) => word)
    .replace(pair, (_, article: string, noun: string) => {
      const isDefinite = article.toLowerCase() === 'the';
      return `${inCaseOf(article.slice(0, 1), isDefinite ? 'the two' : 'two')} ${plural(noun.toLowerCase())}`;
    });
}
