/** The words around a pronoun, in lower case; undefined at the end of a clause: of the text, or before punctuation. */
export interface PronounContext {
  readonly previous: string | undefined;
  readonly next: string | undefined;
  readonly afterNext: string | undefined;
}

const list = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/u));

/** What cannot follow a possessive: it begins another phrase. */
const PHRASE_STARTS = list(`
  a an the this that these those some any each every another both two three four
  in on at by with of from to into onto over under near behind beside between through across along around against during for
  off out up down toward towards upon above below inside outside past after before without within like as than beneath
  and or but nor so yet while when where who whom which whose because if since until although though
  is are was were be been being has have had does do did will would can could may might should must
  he she they it him them we you i his her hers their its my your our
  there here then too also again away back together not
`);

/** Verbs after which `her` may be the subject of a bare infinitive: `helps her climb`. */
const CAUSING = /^(?:watch|see|help|let|make|hear|feel)(?:es|s|ing|ed|ting)?$|^(?:saw|made|sees|seeing|makes|making)$/u;
const BARE_INFINITIVES = list(`
  play climb swim run walk jump eat ride dance perform cross get go stand sit throw catch hit kick do take put look hold stay
  reach open read learn drink paint draw surf ski skate cook wash feed sing slide swing drive move
`);

/** `them` for `her` as an object, `their` for the possessive. */
export function neutralHer(context: PronounContext): 'them' | 'their' {
  if (isPaired(context.next, context.afterNext)) return 'their';
  return isObject(context) ? 'them' : 'their';
}

function isObject({ previous, next, afterNext }: PronounContext): boolean {
  if (next === undefined || PHRASE_STARTS.has(next)) return true;
  if (previous !== undefined && CAUSING.test(previous) && BARE_INFINITIVES.has(next)) return true;
  // `watches her walking on the beach`, but `her walking stick`
  return /[a-z]{3}ing$/u.test(next) && next !== 'wedding' && (afterNext === undefined || PHRASE_STARTS.has(afterNext));
}

/** `his or her dog`: both are possessives. */
function isPaired(next: string | undefined, afterNext: string | undefined): boolean {
  return (next === 'or' || next === 'and') && (afterNext === 'her' || afterNext === 'his');
}

/** `theirs` for a `his` that stands alone, `their` for the possessive. */
export function neutralHis({ next, afterNext }: PronounContext): 'theirs' | 'their' {
  if (isPaired(next, afterNext)) return 'their';
  return next === undefined || PHRASE_STARTS.has(next) ? 'theirs' : 'their';
}

/** Whether a word begins another phrase, so that what stands before it is complete. */
export function startsPhrase(word: string | undefined): boolean {
  return word === undefined || PHRASE_STARTS.has(word);
}
