import { describe, expect, test } from 'vitest';
import { InvalidArgumentError } from '../../src/core/index.js';
import { search, type SearchOptions } from '../../src/search/index.js';
import { RecordingDecoder, TableDecoder } from '../../src/testing/index.js';
import { IMAGE } from './exhaustive.js';

const good = { startTokenIds: [0], endTokenIds: [1], maxLength: 5 };

/** Each bad value by the option that the error must name. */
const BAD: readonly (readonly [argument: string, options: unknown])[] = [
  ['startTokenIds', undefined],
  ['options', null],
  ['options', 'beam'],
  ['num_beams', { ...good, num_beams: 4 }],
  ['temperatur', { ...good, temperatur: undefined }],
  ['startTokenIds', { endTokenIds: [1] }],
  ['startTokenIds', { ...good, startTokenIds: [] }],
  ['startTokenIds', { ...good, startTokenIds: 0 }],
  ['startTokenIds', { ...good, startTokenIds: [8] }],
  ['startTokenIds', { ...good, startTokenIds: Array(17).fill(0) }],
  ['endTokenIds', { startTokenIds: [0] }],
  ['endTokenIds', { ...good, endTokenIds: 1 }],
  ['endTokenIds', { ...good, endTokenIds: [-1] }],
  ['endTokenIds', { ...good, endTokenIds: [1, null] }],
  ['numBeams', { ...good, numBeams: 0 }],
  ['numBeams', { ...good, numBeams: 65 }],
  ['numBeams', { ...good, numBeams: 2.5 }],
  ['numBeams', { ...good, numBeams: '4' }],
  ['numBeams', { ...good, numBeams: NaN }],
  ['numBeams', { ...good, numBeams: null }],
  ['numCaptions', { ...good, numBeams: 1, numCaptions: 2 }],
  ['numCaptions', { ...good, numBeams: 3, numCaptions: 4 }],
  ['numCaptions', { ...good, numCaptions: 0 }],
  ['lengthPenalty', { ...good, lengthPenalty: Infinity }],
  ['lengthPenalty', { ...good, lengthPenalty: NaN }],
  ['lengthPenalty', { ...good, lengthPenalty: true }],
  ['minLength', { ...good, minLength: -1 }],
  ['minLength', { ...good, minLength: 6 }],
  ['minLength', { ...good, minLength: 1.5 }],
  ['maxLength', { ...good, maxLength: 0 }],
  ['maxLength', { ...good, maxLength: 17 }],
  ['maxLength', { ...good, startTokenIds: [0, 2], maxLength: 16 }],
  ['maxLength', { ...good, maxLength: [5] }],
  ['noRepeatNgramSize', { ...good, noRepeatNgramSize: -1 }],
  ['noRepeatNgramSize', { ...good, noRepeatNgramSize: 0.5 }],
  ['earlyStopping', { ...good, earlyStopping: 'always' }],
  ['earlyStopping', { ...good, earlyStopping: 1 }],
  ['bannedTokenIds', { ...good, bannedTokenIds: [2, 8] }],
  ['bannedTokenIds', { ...good, bannedTokenIds: new Set([2]) }],
  ['logitsProcessors', { ...good, logitsProcessors: () => undefined }],
  ['logitsProcessors', { ...good, logitsProcessors: [null] }],
  ['logitsProcessors', { ...good, logitsProcessors: [{ process: () => undefined }] }],
  ['logitsProcessors', { ...good, logitsProcessors: [{ name: 'nothing' }] }],
  ['bannedPhrases', { ...good, bannedPhrases: [2] }],
  ['bannedPhrases', { ...good, bannedPhrases: [[]] }],
  ['bannedPhrases', { ...good, bannedPhrases: [[2, 8]] }],
  ['repetitionPenalty', { ...good, repetitionPenalty: 0 }],
  ['repetitionPenalty', { ...good, repetitionPenalty: Infinity }],
  ['logitBias', { ...good, logitBias: { 8: 1 } }],
  ['logitBias', { ...good, logitBias: { dog: 1 } }],
  ['logitBias', { ...good, logitBias: { 2: -Infinity } }],
  ['logitBias', { ...good, logitBias: [1, 2] }],
  ['stoppingCriteria', { ...good, stoppingCriteria: [{ name: 'never' }] }],
  ['strategy', { ...good, strategy: 'guess' }],
  ['temperature', { ...good, strategy: 'sample', temperature: 0 }],
  ['temperature', { ...good, strategy: 'sample', temperature: NaN }],
  ['topK', { ...good, strategy: 'sample', topK: -1 }],
  ['topP', { ...good, strategy: 'sample', topP: 0 }],
  ['topP', { ...good, strategy: 'sample', topP: 1.1 }],
  ['minP', { ...good, strategy: 'sample', minP: -0.1 }],
  ['typicalP', { ...good, strategy: 'sample', typicalP: 2 }],
  ['seed', { ...good, strategy: 'sample', seed: 0.5 }],
  ['seed', { ...good, strategy: 'sample', seed: 2 ** 53 }],
  ['numBeamGroups', { ...good, numBeams: 4, numBeamGroups: 0 }],
  ['diversityPenalty', { ...good, numBeams: 4, numBeamGroups: 2, diversityPenalty: 0 }],
  ['beamVariant', { ...good, numBeams: 4, beamVariant: 'wait' }],
  ['requiredPhrases', { ...good, numBeams: 4, requiredPhrases: [2] }],
  ['requiredPhrases', { ...good, numBeams: 4, requiredPhrases: [[]] }],
  ['requiredPhrases', { ...good, numBeams: 4, requiredPhrases: [[[2, 8]]] }],
  ['signal', { ...good, signal: null }],
  ['signal', { ...good, signal: { aborted: true } }],
];

/** Options that are right each by itself and contradict each other, by the one that the error must name. */
const CONTRADICTIONS: readonly (readonly [argument: string, options: unknown])[] = [
  ['numBeams', { ...good, strategy: 'greedy', numBeams: 4 }],
  ['numBeams', { ...good, strategy: 'sample', numBeams: 4 }],
  ['numBeams', { ...good, strategy: 'beam-sample' }],
  ['earlyStopping', { ...good, strategy: 'sample', earlyStopping: true }],
  ['earlyStopping', { ...good, numBeams: 2, beamVariant: 'clipcap', earlyStopping: true }],
  ['temperature', { ...good, strategy: 'beam', temperature: 0.7 }],
  ['topK', { ...good, strategy: 'beam', numBeams: 4, topK: 5 }],
  ['topP', { ...good, strategy: 'greedy', topP: 0.9 }],
  ['minP', { ...good, strategy: 'beam', minP: 0.1 }],
  ['typicalP', { ...good, strategy: 'beam', typicalP: 0.9 }],
  ['seed', { ...good, strategy: 'beam', seed: 1 }],
  ['numCaptions', { ...good, strategy: 'greedy', numCaptions: 2 }],
  ['minLength', { ...good, minLength: 4, maxLength: 3 }],
  ['numBeamGroups', { ...good, numBeams: 4, numBeamGroups: 3 }],
  ['numBeamGroups', { ...good, strategy: 'beam-sample', numBeams: 4, numBeamGroups: 2 }],
  ['diversityPenalty', { ...good, numBeams: 4, diversityPenalty: 1 }],
  ['beamVariant', { ...good, strategy: 'beam-sample', numBeams: 4, beamVariant: 'clipcap' }],
  ['beamVariant', { ...good, numBeams: 4, numBeamGroups: 2, beamVariant: 'show-attend-tell' }],
  ['requiredPhrases', { ...good, requiredPhrases: [[[2]]] }],
  ['requiredPhrases', { ...good, strategy: 'sample', requiredPhrases: [[[2]]] }],
  ['requiredPhrases', { ...good, numBeams: 4, numBeamGroups: 2, requiredPhrases: [[[2]]] }],
  ['requiredPhrases', { ...good, numBeams: 4, beamVariant: 'clipcap', requiredPhrases: [[[2]]] }],
  ['requiredPhrases', { ...good, numBeams: 4, requiredPhrases: [[[2, 3]], [[4, 5, 6]]] }],
  [
    'requiredPhrases',
    {
      ...good,
      numBeams: 4,
      requiredPhrases: [
        [
          [2, 3],
          [4, 3],
        ],
      ],
      bannedTokenIds: [3],
    },
  ],
];

describe('a strategy that is not named', () => {
  const decoder = new TableDecoder({ vocabularySize: 8 });
  const find = (options: object) => search(decoder, IMAGE, { ...good, seed: 3, ...options });

  test.each([
    { options: { seed: 3 }, strategy: 'sample' },
    { options: { temperature: 1.5 }, strategy: 'sample' },
    { options: { topK: 3, numBeams: 1 }, strategy: 'sample' },
    { options: { topP: 0.9, numCaptions: 5 }, strategy: 'sample' },
    { options: { minP: 0.1, numBeams: 4 }, strategy: 'beam-sample' },
    { options: { typicalP: 0.9, numBeams: 4, numCaptions: 2 }, strategy: 'beam-sample' },
  ])('is $strategy with $options', async ({ options, strategy }) => {
    expect(await find(options)).toEqual(await find({ ...options, strategy }));
  });

  test('is a beam search otherwise, with as many beams as captions are asked for', async () => {
    const found = await search(decoder, IMAGE, { ...good, numCaptions: 4 });
    expect(found).toEqual(await search(decoder, IMAGE, { ...good, strategy: 'beam', numBeams: 4, numCaptions: 4 }));
  });
});

test.each([
  { strategy: 'greedy', numBeams: 1 },
  { strategy: 'greedy', numBeamGroups: 1, temperature: 1, topK: 0 },
  { strategy: 'sample', seed: 1, numBeams: 1 },
  { strategy: 'beam', numBeams: 2, topP: 1, minP: 0, typicalP: 1 },
])('what an option asks for is no contradiction if the strategy does it anyway: %o', async (options) => {
  const decoder = new TableDecoder({ vocabularySize: 8 });
  const { strategy, numBeams, seed } = options as { strategy: string; numBeams?: number; seed?: number };
  const plain = { ...good, strategy, ...(strategy === 'beam' && { numBeams }), ...(seed && { seed }) };
  const find = (given: object) => search(decoder, IMAGE, given as SearchOptions);
  expect(await find({ ...good, ...options })).toEqual(await find(plain));
});

describe('a bad option is an InvalidArgumentError that names it', () => {
  test.each([...BAD, ...CONTRADICTIONS].map(([argument, options]) => ({ argument, options, shown: show(options) })))(
    '$argument: $shown',
    async ({ argument, options }) => {
      const decoder = new RecordingDecoder(new TableDecoder({ vocabularySize: 8, maxPositions: 16 }));
      const error: unknown = await search(decoder, IMAGE, options as never).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(InvalidArgumentError);
      expect(error).toMatchObject({ argument });
      expect(decoder.starts).toBe(0);
    },
  );
});

test('an unknown option is told which was most likely meant', async () => {
  const searching = search(new TableDecoder({ vocabularySize: 8 }), IMAGE, { ...good, num_beams: 4 } as never);
  await expect(searching).rejects.toThrow(/"num_beams".* Did you mean numBeams\?/);
});

test('undefined counts as left out', async () => {
  const decoder = new TableDecoder({ vocabularySize: 8 });
  const nothing = { numBeams: undefined, lengthPenalty: undefined, earlyStopping: undefined, signal: undefined };
  const found = await search(decoder, IMAGE, { ...good, ...nothing } as never);
  expect(found).toEqual(await search(decoder, IMAGE, good));
});

test('options are not changed', async () => {
  const options = { ...good, bannedTokenIds: [2], logitsProcessors: [] };
  const before = structuredClone(options);
  await search(new TableDecoder({ vocabularySize: 8 }), IMAGE, Object.freeze(options));
  expect(options).toEqual(before);
});

function show(options: unknown): string {
  const text: unknown = JSON.stringify(options, (_, value: unknown) =>
    typeof value === 'number' ? `${value}` : value,
  );
  return typeof text === 'string' ? text : 'undefined';
}
