import { describe, expect, it } from 'vitest';
import { AGE_EN, createNeutralRewriter, GENDER_DE, GENDER_EN } from '../../src/bias/index.js';
import { InvalidArgumentError } from '../../src/core/index.js';

const neutral = createNeutralRewriter(GENDER_EN);

describe('createNeutralRewriter', () => {
  it.each([
    // nouns, capitals, articles
    ['A man is walking his dog.', 'A person is walking their dog.'],
    ['Man in a hat', 'Person in a hat'],
    ['MEN AT WORK', 'PEOPLE AT WORK'],
    ['an actress and a craftsman', 'a performer and an artisan'],
    ['A policeman talks', 'A police officer talks'],
    ['An elderly woman sits', 'An elderly person sits'],
    ['two little girls', 'two little children'],
    ['a ten-year-old-girl', 'a ten-year-old-child'],
    ['A boy scout', 'A scout'],
    // possessives
    ["a man's hat", "a person's hat"],
    ["the boys' ball", "the children's ball"],
    ["the actors' stage", "the performers' stage"],
    ['the men’s shoes', 'the people’s shoes'],
    // her
    ['She feeds her dog', 'They feed their dog'],
    ['a dog beside her.', 'a dog beside them.'],
    ['A dog gives her a ball', 'A dog gives them a ball'],
    ['a dog with her in the grass', 'a dog with them in the grass'],
    ['a child and her', 'a child and them'],
    ['a dog watches her walking on the beach', 'a dog watches them walking on the beach'],
    ['a person with her walking stick', 'a person with their walking stick'],
    ['a dog sees her play', 'a dog sees them play'],
    ['a dog in her play house', 'a dog in their play house'],
    ['a person in her red dress', 'a person in their red dress'],
    ['a person in her wedding dress', 'a person in their wedding dress'],
    ['the hat is hers', 'the hat is theirs'],
    // his, him, reflexives
    ['the ball is his.', 'the ball is theirs.'],
    ['a friend of his in a hat', 'a friend of theirs in a hat'],
    ['a dog looks at him', 'a dog looks at them'],
    ['a child by himself', 'a child by themselves'],
    // verbs
    ['He is running', 'They are running'],
    ['She watches a dog and carries a bag', 'They watch a dog and carries a bag'],
    ['he smiles and waves', 'they smile and wave'],
    ['he jumps, turns and lands', 'they jump, turn and land'],
    ['she quickly goes home', 'they quickly go home'],
    ['he always ties a knot', 'they always tie a knot'],
    ["he doesn't run", "they don't run"],
    ["she isn't there", "they aren't there"],
    ["He's running", "They're running"],
    ["she's got a ball", "they've got a ball"],
    ["he'll jump", "they'll jump"],
    ['while he was asleep', 'while they were asleep'],
    ['he ran and can jump', 'they ran and can jump'],
    ['what is he holding', 'what are they holding'],
    ['as she catches, passes and kisses', 'as they catch, pass and kiss'],
    ['he raises a hand and uses it', 'they raise a hand and uses it'],
    // male and female
    ['a female athlete', 'an athlete'],
    ['a male umpire', 'an umpire'],
    ['A female FBI agent', 'An FBI agent'],
    ['a male one-legged dancer', 'a one-legged dancer'],
    ['an male herb grower', 'an herb grower'],
    ['A male skier', 'A skier'],
    ['Female skiers', 'Skiers'],
    ['a male in red', 'a person in red'],
    ['a female jumps', 'a person jumps'],
    ['two males', 'two people'],
    ['male and female dancers', 'dancers'],
    ['a male wearing a hat', 'a person wearing a hat'],
    ['a female police officer', 'a police officer'],
    // what becomes the same
    ['A man and a woman walk', 'Two people walk'],
    ['the man and the woman', 'the two people'],
    ['a man and woman', 'two people'],
    ['a boy and a girl play', 'two children play'],
    ['men and women', 'people'],
    ['Boys and girls run', 'Children run'],
    ['he or she runs', 'they run'],
    ['his or her dog', 'their dog'],
    ['a man and his wife', 'a person and their spouse'],
    ['a bride and groom', 'two newlyweds'],
    ['a man and a boy', 'a person and a child'],
    ["a man and a woman's hat", "a person and a person's hat"],
    // nothing to do
    ['A dog runs in the snow.', 'A dog runs in the snow.'],
    ['a man-made lake', 'a man-made lake'],
    ['', ''],
  ])('%s → %s', (text, expected) => {
    expect(neutral(text)).toBe(expected);
  });

  it('leaves no gendered word, and a second pass changes nothing', () => {
    for (const group of GENDER_EN.groupNames) {
      for (const word of GENDER_EN.data.groups[group]) {
        for (const text of [`A ${word} runs.`, word, `The ${word}'s dog`, `a dog and the ${word}`]) {
          const once = neutral(text);
          expect(['none', 'neutral'], `${text} → ${once}`).toContain(GENDER_EN.categorize(once));
          expect(neutral(once)).toBe(once);
        }
      }
    }
  });

  it('refuses a lexicon that it cannot rewrite by', () => {
    expect(() => createNeutralRewriter(GENDER_DE)).toThrow(InvalidArgumentError);
    expect(() => createNeutralRewriter(AGE_EN)).toThrow(/counterparts/u);
  });
});
