import { expect, test, vi } from 'vitest';
import { prepareCaptions } from '../../src/captioner/prepare-captions.js';
import { Captioner } from '../../src/index.js';
import { picture } from './pictures.js';

test('loading looks through the vocabulary, so that the first caption need not', async () => {
  await using captioner = await Captioner.load();
  const { tokenizer, manifest } = captioner;
  const decode = vi.spyOn(tokenizer, 'decode');
  const encode = vi.spyOn(tokenizer, 'encode');
  await captioner.caption(picture('coffee'));
  expect(decode.mock.calls.length).toBeLessThan(tokenizer.vocabularySize / 4);
  expect(encode.mock.calls.length).toBeLessThan(100); // the lexicon of gender has more words

  // A model that none of its default rules can serve is told so by its first caption, not while it is loaded.
  prepareCaptions({ manifest: { ...manifest, languages: ['de'] }, tokenizer });
});
