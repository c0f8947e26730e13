import { describe, expect, it } from 'vitest';
import { tokenize } from '../../src/metrics/index.js';

/** Each line is what Stanford's PTBTokenizer 3.4.1 with -lowerCase gives, after pycocoevalcap's list of punctuation. */
const RECORDED: [caption: string, tokens: string][] = [
  [
    "A man's dog can't cannot gonna gotta wanna lemme gimme",
    "a man 's dog ca n't can not gon na got ta wan na lem me gim me",
  ],
  ["DON'T wouldn't 'tis 'Twas", "do n't would n't 't is 't was"],
  [
    'the t-shirt re-enact black-and-white 3-year-old and/or 1/2',
    'the t-shirt re-enact black-and-white 3-year-old and/or 1/2',
  ],
  ['a U.S. flag and a St. Bernard, mr. Smith.', 'a u.s. flag and a st. bernard mr. smith'],
  [
    "the boys' dogs \"quoted\" 'single' (brackets) [square] {curly}",
    'the boys dogs quoted single -lrb- brackets -rrb- -lsb- square -rsb- -lcb- curly -rcb-',
  ],
  ["they've we'll I'm he'd she's o'clock ma'am O'Brien", "they 've we 'll i 'm he 'd she 's o'clock ma'am o'brien"],
  ['hello...there wait.... a - b -- c', 'hello there wait a b c'],
  ["“curly” it’s 10,000 3.5 12:30pm 5th 1980s 80's 50%", "curly it 's 10,000 3.5 12:30 pm 5th 1980s 80 's 50 %"],
  ['A grey theatre is colourful.', 'a grey theatre is colourful'],
  ['AT&T & c&a $5 £5 €5', 'at&t & c & a $ 5 # 5 $ 5'],
  ["ol' rock'n'roll surf 'n' turf y'all fish'n'chips", "ol' rock 'n' roll surf 'n' turf y' all fish 'n' chips"],
  ["x's and o's d'or l'oreal O'Brien qu'il", "x 's and o 's d'or l'oreal o'brien qu'il"],
  [
    "women's-only mother's-day jack-o'-lantern bird's-eye-view",
    "women 's only mother 's day jack-o lantern bird 's eye-view",
  ],
  [
    "it'll've shouldn't've ain't' they're. you'd. 90's '90s",
    "it 'll 've should n't 've ai n't they 're you 'd 90 's '90s",
  ],
  ['don’t can’t o’clock ‘single’ “double”', "do n't ca n't o’clock single double"],
  [
    "R.V. S.C.U.B.A. D.J.'s U.S.-based a.m. 5 p.m. Ph.D. etc.",
    "r.v. s.c.u.b.a. d.j. 's u.s.-based a.m. 5 p.m. ph.d. etc.",
  ],
  ['No. 5 and no. Fig. 3. fig. wash. Wash. wed.', 'no. 5 and no fig. 3 fig wash wash. wed.'],
  [
    '5\'10" 6ft. 1,000-foot .22-caliber 2.5 $10-$20 7:30-8:00 #1',
    '5 10 6ft 1,000-foot .22 caliber 2.5 $ 10 $ 20 7:30 -8:00 # 1',
  ],
  ['he/she and/ /or w/o w/ 24/7 foo_bar foo+bar', 'he/she and / / or w/o w / 24/7 foo_bar foo + bar'],
  [
    ':) ;-) :D <3 !! ?! hello... #hash @home x@y.com http://x.com/y.',
    ':-rrb- ;--rrb- :d < 3 !! ?! hello #hash @home x@y.com http://x.com/y',
  ],
  ['café naïve 東京 ½ 5° 😀 &amp; it&apos;s <b>bold</b>', "café naïve 東京 1/2 5 ° & it 's <b> bold </b>"],
  ['The end.Next 5.The foo!bar RIF=ding', 'the end.next 5 the foo!bar rif = ding'],
  [' , . ! ? ', ''],
  ['', ''],
];

describe('tokenize', () => {
  it.each(RECORDED)('%s', (caption, tokens) => {
    expect(tokenize(caption).join(' ')).toBe(tokens);
  });

  it('gives the same tokens the second time', () => {
    expect(tokenize("A man's dog.")).toEqual(tokenize("A man's dog."));
    const first = tokenize('a dog');
    first.push('x');
    expect(tokenize('a dog')).toEqual(['a', 'dog']);
  });
});
