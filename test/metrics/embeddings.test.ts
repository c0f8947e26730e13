import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '../../src/core/index.js';
import { clipScore, clipScores, cosine, refClipScore, retrieval } from '../../src/metrics/index.js';

describe('cosine', () => {
  it('does not depend on length', () => {
    expect(cosine([1, 0], [3, 4])).toBeCloseTo(0.6, 12);
    expect(cosine(new Float32Array([2, 0]), [30, 40])).toBeCloseTo(0.6, 6);
    expect(cosine([1, 2, 3], [-1, -2, -3])).toBe(-1);
  });

  it('is 0 for zeros, never NaN', () => {
    expect(cosine([0, 0], [1, 2])).toBe(0);
  });

  it.each([
    [[], []],
    [[1], [1, 2]],
    [[NaN], [1]],
    [[Infinity], [1]],
  ])('refuses %j and %j', (a, b) => {
    expect(() => cosine(a, b)).toThrow(InvalidArgumentError);
  });
});

describe('CLIPScore', () => {
  it('is 2.5 times the cosine, at least 0', () => {
    expect(clipScore([1, 0], [3, 4])).toBeCloseTo(1.5, 12);
    expect(clipScore([1, 0], [-1, 0])).toBe(0);
    expect(
      clipScores(
        [
          [1, 0],
          [0, 1],
        ],
        [
          [3, 4],
          [1, 0],
        ],
      ),
    ).toEqual({ score: 0.75, perImage: new Float64Array([1.5, 0]) });
  });

  it('with references is the harmonic mean with the nearest', () => {
    const [score, nearest] = [1.5, 0.8];
    expect(
      refClipScore(
        [1, 0],
        [3, 4],
        [
          [1, 0],
          [0, 1],
        ],
      ),
    ).toBeCloseTo((2 * score * nearest) / (score + nearest), 12);
    expect(refClipScore([1, 0], [-1, 0], [[1, 0]])).toBe(0);
    expect(() => refClipScore([1, 0], [1, 0], [])).toThrow(/at least one reference/);
  });

  it('wants a caption for each image', () => {
    expect(() => clipScores([[1]], [])).toThrow(/0 captions for 1 images/);
    expect(() => clipScores([], [])).toThrow(/no images/);
  });
});

describe('retrieval', () => {
  const images = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
    [1, 1, 0],
  ];
  const captions = [
    [1, 0.1, 0],
    [0, 1, 0],
    [1, 0, 0.5],
    [1, 1, 0.1],
  ];

  it('ranks the right image for each caption', () => {
    const { imagesByCaption, captionsByImage } = retrieval(images, captions, { k: [1, 2, 3] });
    expect(Array.from(imagesByCaption.ranks)).toEqual([1, 1, 3, 1]);
    expect(imagesByCaption.recall).toEqual({ 1: 0.75, 2: 0.75, 3: 1 });
    expect(imagesByCaption.medianRank).toBe(1);
    expect(captionsByImage.recall[1]).toBe(1);
  });

  it('ranks equals before the right answer, so that equal embeddings do not look perfect', () => {
    const same = [
      [1, 0],
      [1, 0],
      [1, 0],
      [1, 0],
    ];
    expect(retrieval(same, same).imagesByCaption.recall).toEqual({ 1: 0, 5: 1, 10: 1 });
  });

  it('refuses a k that is no rank', () => {
    expect(() => retrieval(images, captions, { k: [0] })).toThrow(InvalidArgumentError);
  });
});
