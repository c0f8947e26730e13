import { describe, expect, test } from 'vitest';
import { toAltText, type AltTextPolicy } from '../../src/captioner/alt-text.js';
import { InvalidArgumentError } from '../../src/core/index.js';

const alt = (text: string, policy?: AltTextPolicy) => toAltText({ text }, policy).text;

test.each([
  ['a picture of a cat on a mat', 'A cat on a mat.'],
  ['A close-up photograph of two dogs.', 'Two dogs.'],
  ['this is an image showing a red car', 'A red car.'],
  ['a photo', 'A photo.'],
  ['a boy takes a picture of a dog', 'A boy takes a picture of a dog.'],
  ['a view of the sea', 'The sea.'],
  ['where is it?', 'Where is it?'],
  ['', ''],
])('%j becomes %j', (text, expected) => {
  expect(alt(text)).toBe(expected);
});

test('each part of the policy can be switched off', () => {
  const text = 'a picture of a cat.';
  expect(alt(text, { omitsLeadIn: false })).toBe('A picture of a cat.');
  expect(alt(text, { sentenceCase: false })).toBe('a cat.');
  expect(alt(text, { fullStop: false })).toBe('A cat');
});

describe('a limit of characters', () => {
  test.each([
    [100, 'A brown dog runs on the wet sand.'],
    [33, 'A brown dog runs on the wet sand.'],
    [32, 'A brown dog runs on the wet.'],
    [27, 'A brown dog runs.'],
    [17, 'A brown dog runs.'],
    [16, 'A brown dog.'],
    [3, ''],
  ])('of %i ends on a whole word, and on none that dangles', (maxCharacters, expected) => {
    const text = alt('a brown dog runs on the wet sand', { maxCharacters });
    expect(text).toBe(expected);
    expect(text.length).toBeLessThanOrEqual(maxCharacters);
  });

  test('counts what a reader sees as one character as one', () => {
    expect(alt('naı̈ve 👩‍👩‍👧 dogs', { maxCharacters: 8 })).toBe('Naı̈ve 👩‍👩‍👧.');
  });
});

describe('the text in the image', () => {
  test.each([
    ['a red sign', 'Exit', "A red sign reading 'Exit'."],
    ['a sign on a wall', 'EXIT\n  only', "A sign reading 'EXIT only' on a wall."],
    ['a man holding a sign', "Don't", 'A man holding a sign reading "Don\'t".'],
    [
      'two people near a sign in front of a poster',
      'Exit',
      "Two people near a sign in front of a poster. Text: 'Exit'.",
    ],
    ['a sign that says hello', 'Exit', "A sign that says hello. Text: 'Exit'."],
    ['a man in a hat', 'Exit', "A man in a hat. Text: 'Exit'."],
    ['a stop sign on a street', 'STOP', 'A stop sign on a street.'],
    ['a car stopped on a street', 'Stop', "A car stopped on a street. Text: 'Stop'."],
    ['where is it?', 'Here', "Where is it? Text: 'Here'."],
    ['a sign', ' ', 'A sign.'],
    ['', 'Exit', "Text: 'Exit'."],
  ])('%j and %j become %j', (text, imageText, expected) => {
    expect(toAltText({ text }, { imageText })).toMatchObject({ text: expected, needsReview: false });
  });

  test.each([
    [40, "A red sign reading 'Mind the gap'.", []],
    [34, "A red sign reading 'Mind the gap'.", []],
    [33, "A red sign reading 'Mind…'.", ['shortened']], // no dangling "the"
    [26, 'A red sign.', ['shortened']],
    [8, 'A red.', ['shortened']],
  ])('within %i characters', (maxCharacters, expected, reasons) => {
    const found = toAltText({ text: 'a red sign' }, { imageText: 'Mind the gap', maxCharacters });
    expect(found).toMatchObject({ text: expected, reasons });
    expect(found.text.length).toBeLessThanOrEqual(maxCharacters);
  });

  test('in another language no English word is added', () => {
    const policy = { imageText: 'Ausgang', language: 'de' };
    expect(toAltText({ text: 'ein Schild an der Wand' }, policy).text).toBe("Ein Schild an der Wand. 'Ausgang'.");
  });

  test('is told of an image that shows nothing else, which a person should look at', () => {
    const caption = { text: 'a dog', assessment: 'nothing-to-describe', confidence: 0.01 } as const;
    expect(toAltText(caption, { imageText: 'Chapter 1' })).toEqual({
      text: "Text: 'Chapter 1'.",
      needsReview: true,
      reasons: ['nothing-to-describe'],
    });
  });
});

test('what should be looked at is marked, with the reasons', () => {
  const caption = { text: 'a dog runs', finishReason: 'stop', confidence: 0.4, assessment: 'review' } as const;
  expect(toAltText(caption)).toMatchObject({ needsReview: true, reasons: ['low-confidence'] });
  expect(toAltText({ ...caption, assessment: 'confident' })).toMatchObject({ needsReview: false, reasons: [] });
  expect(toAltText(caption, { minConfidence: 0.3 })).toMatchObject({ needsReview: false, reasons: [] });
  expect(toAltText({ ...caption, assessment: 'confident', finishReason: 'length' }).reasons).toEqual(['unfinished']);
  expect(toAltText({ text: 'a dog runs', finishReason: 'stop' }, { maxCharacters: 8 }).reasons).toEqual(['shortened']);
  expect(toAltText({ text: '', finishReason: 'stop' }).reasons).toEqual(['empty']);
});

test.each([
  ['maxCharacters', { maxCharacters: 0 }],
  ['maxCharacters', { maxCharacters: 1.5 }],
  ['minConfidence', { minConfidence: 2 }],
  ['minConfidence', { minConfidence: 0.5 }],
  ['maxLength', { maxLength: 5 }],
])('a wrong policy is an error that names %s', (argument, policy) => {
  const make = () => toAltText({ text: 'a dog', finishReason: 'stop' }, policy as AltTextPolicy);
  expect(make).toThrow(InvalidArgumentError);
  expect(make).toThrow(expect.objectContaining({ argument }));
});

test('an image that shows nothing has an empty text', () => {
  const caption = {
    text: 'A black and white dog is running.',
    confidence: 0.0005,
    assessment: 'nothing-to-describe',
  } as const;
  expect(toAltText(caption)).toEqual({ text: '', needsReview: true, reasons: ['nothing-to-describe'] });
});

test.each<[unknown, unknown, RegExp]>([
  ['a cat', undefined, /^toAltText\(\) takes a caption, .* not "a cat" \(a string\)\. Give \{ text \}/],
  [undefined, undefined, /not undefined/],
  [null, undefined, /not null/],
  [{ text: 3 }, undefined, /not an object/],
  [{ text: 'a cat' }, null, /The options of toAltText\(\) must be an object, not null/],
  [{ text: 'a cat' }, 42, /must be an object, not 42/],
  [{ text: 'a cat' }, [], /must be an object, not an empty array/],
  [{ text: 'a cat' }, { maxCharacter: 3 }, /Did you mean maxCharacters\?/],
  [{ text: 'a cat' }, { fullStop: 'no' }, /fullStop must be true or false, not "no" \(a string\)/],
  [{ text: 'a cat' }, { language: 'no such language' }, /language must be a BCP 47 language tag/],
])('toAltText(%j, %j) says what is wrong', (caption, policy, message) => {
  const make = () => toAltText(caption as never, policy as never);
  expect(make).toThrow(InvalidArgumentError);
  expect(make).toThrow(message);
});
