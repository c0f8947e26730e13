import { createReadStream } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CaptionFileError } from '../../src/core/index.js';
import { readCaptionRows, readCaptions } from '../../src/evaluation/index.js';

const plain = async (text: string, options = {}) => Object.fromEntries((await readCaptions(text, options)).captions);

/** What the samples in fixtures/ have, each in its format. */
const SAMPLE = {
  '1000000001_0a1b2c3d4e.jpg': [
    'Two goats stand on a stone wall , looking down at the road .',
    'A pair of goats has climbed a wall .',
    'Goats on top of a wall beside a country road .',
    'The white goat and the brown goat balance on old stones .',
    'Two goats look down from a wall .',
  ],
  '1000000002_1b2c3d4e5f.jpg': [
    'A girl says "wait" to her dog, which is sitting by the door .',
    'The small dog waits at an open door .',
    "A girl's dog sits and looks up at her .",
    'A child holds a red lead above a sitting dog .',
    'A dog , a girl and a half-open door .',
  ],
  '1000000003_2c3d4e5f6a.jpg': [
    'An empty café with chairs on the tables .',
    'Chairs have been put up on round tables .',
    'The café is closed ; nobody is inside .',
    'Evening light falls on stacked chairs .',
    'Tables and chairs in a room with tall windows .',
  ],
};

const EXPECTED = { 'a.jpg': ['A dog runs .', 'A brown dog'], 'b.jpg': ['Two cats, asleep'] };

describe('the forms of files', () => {
  it.each([
    ['flickr8k', 'a.jpg#0\tA dog runs .\na.jpg#1\tA brown dog\nb.jpg#0\tTwo cats, asleep\n'],
    ['csv', 'image,caption\na.jpg,A dog runs .\na.jpg,A brown dog\nb.jpg,"Two cats, asleep"\n'],
    ['csv without quotes', 'image,caption\na.jpg,A dog runs .\na.jpg,A brown dog\nb.jpg,Two cats, asleep'],
    ['tsv', 'image\tcaption\na.jpg\tA dog runs .\na.jpg\tA brown dog\nb.jpg\tTwo cats, asleep\n'],
    [
      'tsv of Windows',
      '\uFEFFimage\tcaption\r\na.jpg\tA dog runs .\r\na.jpg\tA brown dog\r\nb.jpg\tTwo cats, asleep\r\n',
    ],
    [
      'tsv with other columns',
      'id\tcaption\timage\n1\tA dog runs .\ta.jpg\n2\tA brown dog\ta.jpg\n3\tTwo cats, asleep\tb.jpg',
    ],
    [
      'coco',
      JSON.stringify({
        images: [
          { id: 7, file_name: 'a.jpg' },
          { id: 8, file_name: 'b.jpg' },
        ],
        annotations: [
          { image_id: 7, caption: 'A dog runs .' },
          { image_id: 8, caption: ' Two cats, asleep' },
          { image_id: 7, caption: 'A brown dog' },
        ],
      }),
    ],
    [
      'karpathy, indented',
      JSON.stringify(
        {
          images: [
            { filename: 'a.jpg', split: 'val', sentences: [{ raw: 'A dog runs .' }, { raw: 'A brown dog' }] },
            { filename: 'b.jpg', split: 'val', sentences: [{ raw: 'Two cats, asleep' }] },
          ],
        },
        null,
        2,
      ),
    ],
    [
      'jsonl',
      '{"image":"a.jpg","captions":["A dog runs .","A brown dog"]}\n\n{"file_name":"b.jpg","caption":"Two cats, asleep"}\n',
    ],
    ['json', '{"a.jpg": ["A dog runs .", "A brown dog"], "b.jpg": "Two cats, asleep"}'],
    [
      'an array',
      '[{"image":"a.jpg","captions":["A dog runs .","A brown dog"]},{"image":"b.jpg","text":"Two cats, asleep"}]',
    ],
  ])('%s is found and read', async (_, text) => {
    expect(await plain(text)).toEqual(EXPECTED);
  });

  it('is given if the first line does not tell', async () => {
    await expect(readCaptions('a.jpg,A dog')).rejects.toThrow(/form of the file is not known/);
    expect(await plain('a.jpg#0\tx#1\ty', { format: 'flickr8k' })).toEqual({ 'a.jpg': ['x#1\ty'] });
    await expect(readCaptions('a,b\n1,2', { format: 'csv' })).rejects.toThrow(/no columns "image" and "caption"/);
  });

  it('knows results by COCO id, and the ids of annotations', async () => {
    const results = await readCaptions('[{"image_id": 7, "caption": "a dog"}]');
    expect(Object.fromEntries(results.captions)).toEqual({ '7': ['a dog'] });
    const references = await readCaptions(
      '{"images":[{"id":7,"file_name":"a.jpg"}],"annotations":[{"image_id":7,"caption":"dogs"}]}',
    );
    expect(references.aliases.get('7')).toBe('a.jpg');
  });

  it('keeps to a split; restval is trained on', async () => {
    const text = JSON.stringify({
      images: ['train', 'restval', 'test'].map((split) => ({ filename: split, split, sentences: [{ raw: split }] })),
    });
    expect(await plain(text, { split: 'train' })).toEqual({ train: ['train'], restval: ['restval'] });
    await expect(readCaptions(text, { split: 'dev' })).rejects.toThrow(/no split "dev"; there are test, train/);
  });

  it('refuses a split of a file that does not name splits, and leaves rows without one out', async () => {
    for (const text of [
      'image\tcaption\na\tb',
      'image\tcaption\tsplit\na\tb\t',
      'a#0\tb',
      '{"image":"a","caption":"b"}',
      '{"a":"b"}',
    ]) {
      const error = await readCaptions(text, { split: 'dev', file: 'x.tsv' }).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(CaptionFileError);
      expect((error as Error).message).toMatch(/^x\.tsv: the file does not name splits, so "dev" cannot be selected/);
    }
    const some = 'image\tcaption\tsplit\na\tb\tdev\nc\td\t\ne\tf\ttest';
    const { captions, warnings } = await readCaptions(some, { split: 'dev' });
    expect(Object.fromEntries(captions)).toEqual({ a: ['b'] });
    expect(warnings).toMatchObject([{ code: 'SPLIT_MISSING', count: 1, examples: ['c'] }]);
  });

  describe('samples as the formats come', () => {
    const file = (name: string) => new URL(`fixtures/${name}`, import.meta.url);
    it.each([
      'Flickr8k.token.txt',
      'captions.txt',
      'captions.tsv',
      'captions_val2014.json',
      'dataset_flickr8k.json',
      'captions.jsonl',
      'captions.json',
    ])('%s', async (name) => {
      const { captions, warnings } = await readCaptions(createReadStream(file(name)), { file: name });
      expect(Object.fromEntries(captions)).toEqual(SAMPLE);
      expect(warnings).toEqual([]);
    });

    it('captions_val2014_results.json', async () => {
      const references = await readCaptions(createReadStream(file('captions_val2014.json')));
      const results = await readCaptions(createReadStream(file('captions_val2014_results.json')));
      expect([...results.captions.keys()].map((id) => references.aliases.get(id))).toEqual(Object.keys(SAMPLE));
    });
  });

  it('reads quotes within quotes', async () => {
    expect(await plain('image,caption\na,"a sign ""stop"", red"')).toEqual({ a: ['a sign "stop", red'] });
  });

  it('takes bytes in pieces that part a letter', async () => {
    const bytes = new TextEncoder().encode('image\tcaption\na.jpg\tun café\n');
    const cut = bytes.indexOf(0xa9);
    expect((await readCaptions([bytes.slice(0, cut), bytes.slice(cut)])).captions.get('a.jpg')).toEqual(['un café']);
  });
});

describe('bad input', () => {
  it('counts a broken row among 100,000 and names it', async () => {
    const rows = Array.from({ length: 100_000 }, (_, i) =>
      i === 54_320 ? 'broken' : `${i % 20_000}.jpg\ta caption ${i}`,
    );
    const text = ['image\tcaption', ...rows].join('\n');
    const { captions, warnings } = await readCaptions(text, { file: 'big.tsv' });
    expect(captions.size).toBe(20_000);
    expect(warnings).toEqual([
      {
        code: 'BAD_ROW',
        count: 1,
        message: 'big.tsv: rows that cannot be read were left out',
        examples: ['row 54322 has 1 of 2 columns'],
      },
    ]);
    const error = await readCaptions(text, { file: 'big.tsv', onBadRow: 'error' }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(CaptionFileError);
    expect(error).toMatchObject({ code: 'CAPTION_FILE', file: 'big.tsv', row: 54_322 });
    expect((error as Error).message).toBe('big.tsv, row 54322: has 1 of 2 columns.');
  });

  it('streams rows: the first ones come before the file ends', async () => {
    let given = 0;
    async function* source() {
      yield 'image\tcaption\na\tb\n';
      given++;
      yield 'c\td\n';
      given++;
    }
    for await (const row of readCaptionRows(source())) {
      expect(row).toEqual({ row: 2, image: 'a', caption: 'b' });
      break;
    }
    expect(given).toBeLessThan(2);
  });

  it.each([
    ['', /the file is empty/],
    ['\n \n', /the file is empty/],
    ['image\tcaption\n', /no captions in the file/],
    ['hello', /form of the file is not known/],
    ['{"images": [', /not JSON/],
    ['{"images": []}', /no known form/],
    ['[1, 2]', /2 of 2 rows cannot be read: row 1 is not an object/],
    ['image\tcaption\nx\ny\na\tb', /2 of 3 rows cannot be read/],
  ])('refuses %j', async (text, message) => {
    await expect(readCaptions(text, { file: 'x' })).rejects.toThrow(message);
    await expect(readCaptions(text, { file: 'x' })).rejects.toBeInstanceOf(CaptionFileError);
  });

  it.each([
    [
      '{"image":"a","caption":"b"}\nnot json\n{"caption":"c"}\n{"image":"d"}\n{"image":"e","caption":"f"}\n{"image":"g","caption":"h"}',
      3,
    ],
    [
      '{"images":[{"id":1,"file_name":"a"},{"id":1,"file_name":"b"}],"annotations":[{"image_id":1,"caption":"x"},{"image_id":2,"caption":"y"},{"image_id":1,"caption":"z"},{"image_id":1,"caption":"w"}]}',
      2,
    ],
    // An annotation that comes twice, and two images of one name.
    [
      '{"images":[{"id":1,"file_name":"a"},{"id":2,"file_name":"a"}],"annotations":[{"id":5,"image_id":1,"caption":"x"},{"id":5,"image_id":1,"caption":"x"},{"id":6,"image_id":1,"caption":"y"},{"id":7,"image_id":1,"caption":"z"}]}',
      2,
    ],
    // An image that comes twice, a cocoid of another, and a sentence that comes twice.
    [
      '{"images":[{"filename":"a","cocoid":1,"sentences":[{"raw":"x","sentid":1},{"raw":"x","sentid":1},{"raw":"y"},{"raw":"z"}]},{"filename":"a","sentences":[{"raw":"w"}]},{"filename":"b","cocoid":1,"sentences":[{"raw":"v"}]}]}',
      3,
    ],
    ['image,caption\na,"open\nb,c', 1],
    ['a#0\tx\nbroken\nb#0\ty', 1],
  ])('counts bad rows of %s', async (text, count) => {
    const { warnings } = await readCaptions(text);
    expect(warnings.reduce((sum, warning) => sum + warning.count, 0)).toBe(count);
    expect(warnings[0]!.examples[0]).toMatch(/^row \d/);
  });
});
