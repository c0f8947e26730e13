import { describe, expect, it } from 'vitest';
import { GENDER_EN, labelFromReferences, sortImages } from '../../src/bias/index.js';
import { InvalidArgumentError } from '../../src/core/index.js';

const MEN = ['a man', 'the man runs', 'his dog', 'a person', 'someone'];

describe('labelFromReferences', () => {
  it.each([
    [MEN, {}, 'male'],
    [MEN, { atLeast: 4 }, null],
    [[...MEN.slice(0, 4), 'a woman'], {}, null],
    [[...MEN.slice(0, 4), 'a man and a woman'], {}, null],
    [[...MEN.slice(0, 4), 'a woman'], { othersAtMost: 1 }, 'male'],
    [['she', 'her', 'girl', 'dog', 'dog'], {}, 'female'],
    [['dog', 'dog', 'dog', 'dog', 'dog'], {}, null],
    [[], {}, null],
  ])('%j by %j → %s', (references, rule, label) => {
    expect(labelFromReferences(references, GENDER_EN, rule)).toBe(label);
  });

  it.each([{ atLeast: 0 }, { atLeast: 1.5 }, { othersAtMost: -1 }, { atLeast: 2, othersAtMost: 2 }])(
    'refuses %j',
    (rule) => {
      expect(() => labelFromReferences(MEN, GENDER_EN, rule)).toThrow(InvalidArgumentError);
    },
  );
});

describe('sortImages', () => {
  it('labels by the rule, or as given', () => {
    const [first, second, third] = sortImages(
      [
        { id: 'a', caption: 'A woman runs.', references: MEN },
        { id: 'b', caption: 'Two people', references: MEN, label: null },
        { caption: 'A dog', label: 'female' },
      ],
      GENDER_EN,
    );
    expect(first).toMatchObject({ id: 'a', label: 'male', category: 'female' });
    expect(first?.counts).toEqual({ male: 3, female: 0, both: 0, neutral: 2, none: 0 });
    expect(second).toMatchObject({ label: null, category: 'neutral' });
    expect(third).toMatchObject({ id: '3', label: 'female', category: 'none' });
  });

  it.each([
    [{ caption: 3, references: MEN }, /^Row 2: caption/u],
    [{ id: 'x', caption: 'a', references: 'a man' }, /^Row 2 \("x"\): references/u],
    [{ id: 'x', caption: 'a', references: MEN, label: 'men' }, /^Row 2 \("x"\): label must be a group/u],
    [{ id: 'x', caption: 'a', references: [] }, /^Row 2 \("x"\) has neither/u],
    [{ id: 'first', caption: 'a', references: MEN }, /^Rows 1 and 2 have the same id "first"/u],
    [null, /^Row 2 is not an object/u],
  ])('names the broken row: %j', (broken, message) => {
    const rows: any[] = [{ id: 'first', caption: 'a man', references: MEN }, broken];
    expect(() => sortImages(rows, GENDER_EN)).toThrow(message);
    expect(() => sortImages(rows, GENDER_EN)).toThrow(InvalidArgumentError);
  });
});
