const VOWEL = /[aeiou]/;

/** Whether the letter at a place is a consonant: y is one at the start and after a vowel. */
function isConsonant(word: string, at: number): boolean {
  const letter = word[at]!;
  if (VOWEL.test(letter)) return false;
  return letter !== 'y' || at === 0 || !isConsonant(word, at - 1);
}

/** How many times vowels are followed by consonants: Porter's m. */
function measure(stem: string): number {
  let count = 0;
  for (let at = 1; at < stem.length; at++) {
    if (isConsonant(stem, at) && !isConsonant(stem, at - 1)) count++;
  }
  return count;
}

function hasVowel(stem: string): boolean {
  for (let at = 0; at < stem.length; at++) if (!isConsonant(stem, at)) return true;
  return false;
}

function endsInDouble(word: string): boolean {
  return word.length > 1 && word.at(-1) === word.at(-2) && isConsonant(word, word.length - 1);
}

/** Consonant, vowel, consonant, the last not w, x or y: Porter's *o. */
function endsShort(word: string): boolean {
  const { length } = word;
  if (length < 3 || /[wxy]$/.test(word)) return false;
  return isConsonant(word, length - 3) && !isConsonant(word, length - 2) && isConsonant(word, length - 1);
}

type Ending = readonly [suffix: string, replacement: string];

/** Endings of steps 2, 3 and 4. The longest that fits counts. */
const STEP_2: readonly Ending[] = [
  ['ational', 'ate'],
  ['ization', 'ize'],
  ['iveness', 'ive'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['tional', 'tion'],
  ['biliti', 'ble'],
  ['entli', 'ent'],
  ['ousli', 'ous'],
  ['ation', 'ate'],
  ['alism', 'al'],
  ['aliti', 'al'],
  ['iviti', 'ive'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['izer', 'ize'],
  ['abli', 'able'],
  ['alli', 'al'],
  ['ator', 'ate'],
  ['eli', 'e'],
];
const STEP_3: readonly Ending[] = [
  ['icate', 'ic'],
  ['ative', ''],
  ['alize', 'al'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ness', ''],
  ['ful', ''],
];
const STEP_4: readonly Ending[] = 'ement ance ence able ible ment ant ent ism ate iti ous ive ize ion al er ic ou'
  .split(' ')
  .map((suffix) => [suffix, '']);

function replaceEnding(word: string, endings: readonly Ending[], leastMeasure: number): string {
  for (const [suffix, replacement] of endings) {
    if (!word.endsWith(suffix)) continue;
    const stem = word.slice(0, -suffix.length);
    const fits = measure(stem) >= leastMeasure && (suffix !== 'ion' || /[st]$/.test(stem));
    return fits ? stem + replacement : word;
  }
  return word;
}

/** Plurals. */
function step1a(word: string): string {
  if (word.endsWith('sses') || word.endsWith('ies')) return word.slice(0, -2);
  return word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
}

/** -ed and -ing. */
function step1b(word: string): string {
  if (word.endsWith('eed')) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  const suffix = word.endsWith('ed') ? 2 : word.endsWith('ing') ? 3 : 0;
  const stem = word.slice(0, word.length - suffix);
  if (suffix === 0 || !hasVowel(stem)) return word;
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (endsInDouble(stem) && !/[lsz]$/.test(stem)) return stem.slice(0, -1);
  return measure(stem) === 1 && endsShort(stem) ? `${stem}e` : stem;
}

function step1c(word: string): string {
  return word.endsWith('y') && hasVowel(word.slice(0, -1)) ? `${word.slice(0, -1)}i` : word;
}

function step5(word: string): string {
  let result = word;
  if (result.endsWith('e')) {
    const stem = result.slice(0, -1);
    const m = measure(stem);
    if (m > 1 || (m === 1 && !endsShort(stem))) result = stem;
  }
  return result.endsWith('ll') && measure(result.slice(0, -1)) > 1 ? result.slice(0, -1) : result;
}

/**
 * The stem of an English word in lower case (Porter 1980, "An algorithm for suffix stripping", as published). Words of one or
 * two letters stay as they are.
 */
export function porterStem(word: string): string {
  if (word.length <= 2) return word;
  const base = step1c(step1b(step1a(word)));
  return step5(replaceEnding(replaceEnding(replaceEnding(base, STEP_2, 1), STEP_3, 1), STEP_4, 2));
}
