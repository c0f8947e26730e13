const { readFileSync } = require('node:fs');
const { Captioner } = require('captioneer');

let captioner;
beforeAll(async () => {
  captioner = await Captioner.load();
}, 60_000);
afterAll(() => captioner.dispose());

test.each([
  ['a path', () => 'cat.jpg'],
  ['bytes', () => readFileSync('cat.jpg')],
])(
  'captions %s',
  async (_, image) => {
    expect((await captioner.caption(image())).text).toBe(readFileSync('expected.txt', 'utf8'));
  },
  60_000,
);
