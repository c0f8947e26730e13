import { expect, test } from 'vitest';
import { errorText } from '../../demo/src/state/error-text.js';
import { FetchError } from '../../src/core/index.js';

test('a model that the hub does not have is not taken for a broken network', () => {
  const refused = new FetchError('https://huggingface.co/a/b', 'https://huggingface.co/a/b: 404.', { status: 404 });
  expect(errorText(refused)).toMatch(/no such model.*owner\/name/);
  const broken = new FetchError('https://huggingface.co/a/b', 'https://huggingface.co/a/b: no answer.');
  expect(errorText(broken)).toMatch(/^The download stopped\. Check the network/);
});
