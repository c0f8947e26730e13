/**
 * An article at a word's start, white space, perhaps a quotation mark, and the word after it. A capital A in the middle of a
 * sentence is a letter ("grade A eggs").
 */
const ARTICLE = /(?<![\p{L}\p{N}\p{M}'’.-])(an?)(\s+["“‘'(]?)([\p{L}\p{N}][\p{L}\p{N}\p{M}'’.&-]*)/giu;
const SENTENCE_START = /(?:^|[.!?:]["”’']?\s+|["“‘(])$/u;

/** After these an `a` is not an article ("in a and out"), or nobody knows what was meant. */
const NOT_NOUNS = new Set(
  (
    'a an and or of in on at is are was were am be been as if it its i into onto to after until unless us also although else ' +
    'ever either'
  ).split(' '),
);
/** Both articles are in use. */
const EITHER = /^(?:herb|historic|historian|hotel|habitual|hallucin|hereditary|homage)/;

/** Written with a consonant, spoken with a vowel. */
const SILENT_H = /^(?:hour|heir|honest|honor|honour|hors(?:$|-))/;
/** Written with a vowel, spoken like "you" or "won". */
const SPOKEN_WITH_CONSONANT = [
  /^(?:eu|ew)/, // European, eucalyptus, ewe
  /^on(?:e|ce)(?:$|[^a-z]|self|sie)/, // one, once, one-way, onesie
  /^oui/, // ouija
  /^uni(?![mn]|d(?!ir)|r|magin|lluminat)/, // university, unicorn; not unidentified, unimportant, uninhabited
  /^u(?:bi|fo|ga|k(?:$|[^a-z]|[eru])|r[aeio]|s[abeu]|t(?:ah|e|i|op)|v)/, // ubiquitous, ukulele, uranium, use, usual, utensil
  /^unesco/,
  /^u(?:$|-)/, // u-turn
];
/** Names of letters that begin with a vowel. */
const VOWEL_LETTERS = /^[aefhilmnorsx]/;

/** Abbreviations in lower case that are spelled out, as captions from word maps have them. */
const SPELLED = new Set(
  (
    'atm atv bbq bmw bmx cctv cd cds cpu dj dna dslr dvd fbi fm gps hd hdtv hp html hvac id iv lcd led lp lpg mba mc mlb mms mp mp3 ' +
    'mri mtv mvp nba nbc ncaa nfl nfc nhl nyc nypd pc pvc rc rpg rv sd sms sos ssd suv svg tv ufc ufo uhf uk un ups usb vcr vhs vip ' +
    'vr wc xbox xl xxl xs'
  ).split(' '),
);
/** Capitals that are read as a word. */
const READ_AS_WORDS = new Set(
  (
    'NASA NATO FIFA FEMA NASCAR SWAT SIM RAM ROM LAN LEGO MIDI RADAR SONAR LASER SCUBA MAC MAD SAR SARS SAT SCUD MOMA NAFTA ' +
    'NIKE MINI FORD FIAT HONDA MAZDA NISSAN SONY LG1 MASH MENSA FAQ'
  ).split(' '),
);

/**
 * English text whose indefinite articles suit the sound of the word after them: "an umbrella", "a unicorn", "an hour",
 * "a one-way street", "an X-ray", "a UFO", "an 8-year-old". Where both are in use ("a herb", "an herb") and where an `a` may not
 * be an article, the text stays as it is.
 */
export function correctArticles(text: string): string {
  const hasLowerCase = /\p{Ll}/u.test(text.replace(/^\p{L}/u, ''));
  return text.replace(ARTICLE, (found: string, article: string, space: string, word: string, at: number) => {
    if (article.startsWith('A') && hasLowerCase && !SENTENCE_START.test(text.slice(0, at))) return found;
    const isVowel = startsWithVowelSound(word, hasLowerCase);
    if (isVowel === undefined) return found;
    return (isVowel ? withN(article, hasLowerCase) : article.slice(0, 1)) + space + word;
  });
}

/**
 * The indefinite article for an English word, by the sound it begins with: `an` for "hour", `a` for "unicorn".
 *
 * @param word as it is written in the text; capitals tell what is spelled out ("FBI")
 * @returns undefined if both are in use ("herb"), or if nobody knows
 */
export function indefiniteArticle(word: string): 'a' | 'an' | undefined {
  const isVowel = startsWithVowelSound(word, true);
  return isVowel === undefined ? undefined : isVowel ? 'an' : 'a';
}

/**
 * The part of a growing English text whose articles no later character can change: it ends before an article whose word is not
 * whole, unless it is "a" and the word begins with a letter that has a consonant's sound in every word and as a letter.
 */
export function settledArticles(text: string): string {
  return text.replace(/(?<![\p{L}\p{N}\p{M}'’.-])(?:a(?:\s+(?:[^\sbcdgjkpqtvwyz]\S*)?)?|an(?:\s+\S*)?)$/iu, '');
}

function withN(article: string, hasLowerCase: boolean): string {
  return article.slice(0, 1) + (!hasLowerCase && article.startsWith('A') ? 'N' : 'n');
}

/** Whether a word is spoken with a vowel first; undefined if nobody knows. */
function startsWithVowelSound(word: string, hasLowerCase: boolean): boolean | undefined {
  const lower = word.toLowerCase();
  const [head = lower] = lower.split(/['’.&-]/, 1);
  if (/^\d/.test(lower)) return isVowelNumber(lower);
  if (!/^[a-z]/.test(lower.normalize('NFD'))) return undefined;
  if (isSpelled(word, head, hasLowerCase)) return head === 'us' ? undefined : isVowelLetter(head);
  if (NOT_NOUNS.has(lower) || EITHER.test(head)) return undefined;
  if (SILENT_H.test(lower)) return true;
  if (SPOKEN_WITH_CONSONANT.some((pattern) => pattern.test(lower))) return false;
  return /^[aeiou]/.test(lower.normalize('NFD'));
}

function isVowelLetter(letters: string): boolean {
  return VOWEL_LETTERS.test(letters);
}

/** Whether a word is read letter by letter: X-ray, UFO, MRI. */
function isSpelled(word: string, head: string, hasLowerCase: boolean): boolean {
  if (head.length === 1) return word.length > 1 && head !== 'a';
  if (SPELLED.has(head)) return true;
  const capitals = /^\p{Lu}+/u.exec(word)?.[0] ?? '';
  if (!hasLowerCase || capitals.length < 2 || capitals.length < head.replace(/s$/, '').length) return false;
  return !READ_AS_WORDS.has(capitals) && (capitals.length <= 3 || !/[AEIOUY]/.test(capitals));
}

/** 8, 80, 800…; 11 and 18 alone or before thousands; 18xx, which are years. */
function isVowelNumber(text: string): boolean {
  const digits = /^\d+(?:,\d{3})*/.exec(text)?.[0] ?? '';
  const groups = digits.split(',');
  const [first = ''] = groups;
  if (first.startsWith('8')) return true;
  if (groups.length === 1 && first.length === 4) return first.startsWith('11') || first.startsWith('18');
  return /^1[18]$/.test(groups.length === 1 ? first.slice(0, ((first.length + 2) % 3) + 1) : first);
}
