import { describe, expect, it } from 'vitest';
import {
  bleu,
  bleuOfCounts,
  cider,
  CiderAccumulator,
  ciderD,
  DocumentFrequencies,
  meteorLight,
  rougeL,
  tokenize,
  type TokenizedImage,
} from '../../src/metrics/index.js';
import { readRecord, recordedTokens, type RecordedScores } from './record.js';

/** The largest difference from the record, over all metrics and images. */
function largestDifference(images: TokenizedImage[], record: RecordedScores): number {
  const ours = {
    bleu: bleu(images),
    rougeL: rougeL(images),
    ciderD: ciderD(images),
    cider: cider(images),
    meteorLight: meteorLight(images),
  };
  const differences = record.images.flatMap((image, i) => [
    ...image.bleu.map((score, n) => score - ours.bleu.perImage[i]![n]!),
    image.rougeL - ours.rougeL.perImage[i]!,
    image.ciderD - ours.ciderD.perImage[i]!,
    image.cider - ours.cider.perImage[i]!,
    image.meteorLight - ours.meteorLight.perImage[i]!,
  ]);
  differences.push(
    ...record.scores.bleu.map((score, n) => score - ours.bleu.scores[n]!),
    record.scores.rougeL - ours.rougeL.score,
    record.scores.ciderD - ours.ciderD.score,
    record.scores.cider - ours.cider.score,
    record.scores.meteorLight - ours.meteorLight.score,
  );
  return Math.max(...differences.map(Math.abs));
}

describe.each(['general', 'everyday'])('the record of pycocoevalcap and NLTK on %s', (name) => {
  const record = readRecord(name);
  const images = recordedTokens(record);

  it('has the same scores given the same tokens', () => {
    expect(images.length).toBe(80);
    expect(largestDifference(images, record)).toBeLessThan(1e-9);
  });

  it('has the same tokens, and so the same scores from raw text', () => {
    const ours = record.images.map(({ candidate, references }) => ({
      candidate: tokenize(candidate),
      references: references.map((reference) => tokenize(reference)),
    }));
    expect(ours).toEqual(images.map(({ candidate, references }) => ({ candidate, references })));
    expect(largestDifference(ours, record)).toBeLessThan(1e-9);
  });

  it('is matched image by image with document frequencies made beforehand', () => {
    const documentFrequencies = new DocumentFrequencies();
    for (const { references } of images) documentFrequencies.add(references);
    const accumulator = new CiderAccumulator({ documentFrequencies });
    for (const image of images) accumulator.add(image);
    const { score, perImage } = accumulator.result();
    expect(score).toBeCloseTo(record.scores.ciderD, 9);
    record.images.forEach((image, i) => expect(perImage[i]).toBeCloseTo(image.ciderD, 9));
  });

  it('gives BLEU of a part from the counts of the whole', () => {
    const { counts } = bleu(images);
    expect(bleuOfCounts(counts, [3, 5, 7])).toEqual(bleu([images[3]!, images[5]!, images[7]!]).scores);
    expect(bleuOfCounts(counts, [4, 4])).toEqual(bleu([images[4]!, images[4]!]).scores);
  });
});
