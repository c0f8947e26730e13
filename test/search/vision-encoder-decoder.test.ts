import { describe, expect, test } from 'vitest';
import { search } from '../../src/search/index.js';
import { IMAGE } from './exhaustive.js';
import { models, recording } from './vision-encoder-decoder.js';

const tokens = { startTokenIds: [recording.start], endTokenIds: [recording.end] };

for (const { seed, decoder, probe, cases } of models) {
  describe(`VisionEncoderDecoderModel of seed ${seed}: what transformers ${recording.transformers} finds`, () => {
    test('its decoder runs here as it ran there', () => {
      const logits = decoder.logits(probe.tokenIds);
      probe.logits.forEach((logit, tokenId) => {
        expect(Math.abs((logits[tokenId] as number) - logit)).toBeLessThan(1e-4 * (1 + Math.abs(logit) / 100));
      });
    });

    for (const { options, found } of cases) {
      test(JSON.stringify(options), async () => {
        const result = await search(decoder, IMAGE, { ...tokens, ...options });
        expect(result.map(({ tokenIds, isFinished }) => ({ tokenIds, isFinished }))).toEqual(
          found.map(({ tokenIds, isFinished }) => ({ tokenIds, isFinished })),
        );
        found.forEach(({ score }, index) => {
          if (score === undefined) return; // greedy search there gives none
          expect(Math.abs((result[index]?.score as number) - score)).toBeLessThan(1e-4);
        });
      });
    }
  });
}
