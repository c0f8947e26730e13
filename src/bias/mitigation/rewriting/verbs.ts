const IRREGULAR: Readonly<Record<string, string>> = {
  is: 'are',
  was: 'were',
  has: 'have',
  does: 'do',
  "isn't": "aren't",
  "wasn't": "weren't",
  "hasn't": "haven't",
  "doesn't": "don't",
};

/** Words that may stand between a pronoun and its verb, beside those that end in `ly`. */
const ADVERBS = new Set(
  'also always almost already still just never often only now then even sometimes perhaps usually both soon'.split(' '),
);

/** Whether a word may stand between a pronoun and its verb. */
export function isAdverb(word: string): boolean {
  return ADVERBS.has(word) || /[a-z]{2}ly$/u.test(word);
}

/**
 * The form of a verb that goes with `they`, from the one that goes with `he` or `she` (`watches` → `watch`).
 *
 * @param verb in lower case
 * @returns undefined for a form that is the same with both (`ran`, `can`)
 */
export function pluralVerb(verb: string): string | undefined {
  const irregular = IRREGULAR[verb];
  if (irregular !== undefined) return irregular;
  if (!/[a-z]{2}s$/u.test(verb) || /(?:ss|us|is)$/u.test(verb)) return undefined;
  if (/[a-z]{2}ies$/u.test(verb)) return `${verb.slice(0, -3)}y`; // carries; not ties, lies
  if (/(?:ch|sh|ss|x|zz|[^aeiou]o)es$/u.test(verb) || verb === 'goes') return verb.slice(0, -2);
  return verb.slice(0, -1);
}

/** Auxiliaries that may stand before the pronoun (`is she running`). */
export function isInvertible(word: string): boolean {
  return word in IRREGULAR;
}
