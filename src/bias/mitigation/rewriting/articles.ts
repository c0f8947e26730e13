/** Words whose first letter is a vowel and whose first sound is not. */
const CONSONANT_SOUND = /^(?:uni(?!m|n)|us[aeiu]|eu|ewe|one(?![a-z])|once|ufo|ute|u-)/u;
const SILENT_H = /^(?:hour|honest|honou?r|heir)/u;

/** The indefinite article for the word that follows it. */
export function indefiniteArticle(next: string): 'a' | 'an' {
  const word = next.toLowerCase();
  if (SILENT_H.test(word)) return 'an';
  return /^[aeiou]/u.test(word) && !CONSONANT_SOUND.test(word) ? 'an' : 'a';
}
