import { expect, test } from 'vitest';
import { ManifestError } from '../../src/core/index.js';
import { parseManifest } from '../../src/model/index.js';
import { defaultManifest, type LooseManifest } from './model-folder.js';

function errorOf(change: (manifest: LooseManifest) => void): ManifestError {
  const manifest = defaultManifest();
  change(manifest);
  try {
    parseManifest(JSON.stringify(manifest), 'm/captioneer.json');
  } catch (error) {
    if (error instanceof ManifestError) return error;
    throw error;
  }
  throw new Error('The manifest was accepted.');
}

test('reads the manifest that ships', () => {
  const manifest = parseManifest(JSON.stringify(defaultManifest()), 'captioneer.json');
  expect(manifest.family).toBe('attention');
  expect(manifest.image).toMatchObject({ width: 224, height: 224, resize: 'squash' });
  expect(manifest.regions).toEqual({ rows: 7, columns: 7 });
});

test('reads the boxes of a detector', () => {
  const boxes = { count: 20, labels: ['person', 'cat'] };
  const manifest = { ...defaultManifest(), gender: undefined, regions: { rows: 7, columns: 7, boxes } };
  expect(parseManifest(JSON.stringify(manifest), 'captioneer.json').regions).toEqual({ rows: 7, columns: 7, boxes });
});

test.each<[string, (manifest: LooseManifest) => void, string, RegExp]>([
  ['a later format', (m) => (m.formatVersion = 2), 'formatVersion', /reads no other.*found 2/],
  ['no name', (m) => delete m.name, 'name', /non-empty string, found nothing/],
  ['no graph', (m) => delete m.graphs.decoder, 'graphs.decoder', /an object, found nothing/],
  ['a short hash', (m) => (m.graphs.encoder = { ...m.graphs.encoder, sha256: 'ab' }), 'graphs.encoder.sha256', /64/],
  [
    'a size of text',
    (m) => (m.tokenizer.bytes = '12'),
    'tokenizer.bytes',
    /an integer of at least 1, found "12" \(a string\)/,
  ],
  ['an unknown resize', (m) => (m.image.resize = 'stretch'), 'image.resize', /'squash'.*found "stretch"/],
  ['two means', (m) => (m.image.mean = [0, 0]), 'image.mean', /a list of 3/],
  [
    'a word for a mean',
    (m) => (m.image.mean = [0, 'x', 0]),
    'image.mean[1]',
    /a finite number, found "x" \(a string\)/,
  ],
  ['a deviation of 0', (m) => (m.image.std = [1, 1, 0]), 'image.std', /above 0/],
  ['a giant picture', (m) => (m.image.width = 1e6), 'image.width', /from 1 to 4096/],
  ['no end token', (m) => (m.tokens.end = []), 'tokens.end', /at least one token/],
  ['no start token', (m) => (m.tokens.start = []), 'tokens.start', /only a model with a "prefix" needs none/],
  [
    'a prefix of no length',
    (m) => (m.prefix = { width: 8, isNormalized: true }),
    'prefix.length',
    /from 1 to 4096, found nothing/,
  ],
  ['a prefix of unknown norm', (m) => (m.prefix = { length: 4, width: 8 }), 'prefix.isNormalized', /true or false/],
  ['a token too high', (m) => (m.tokens.start = [1e9]), 'tokens.start[0]', /from 0 to/],
  ['an unknown use of prompts', (m) => (m.promptUse = 'question'), 'promptUse', /'beginning'.*found "question"/],
  ['an unknown gender', (m) => (m.gender = { setting: 'sure' }), 'gender.setting', /'confident'.*found "sure"/],
  [
    'thresholds of gender in the wrong order',
    (m) => (m.gender = { thresholds: { male: 0, female: 0.5 } }),
    'gender.thresholds.female',
    /below "male", 0, found 0.5/,
  ],
  ['half a threshold', (m) => (m.gender = { thresholds: { female: 0 } }), 'gender.thresholds.male', /a finite number/],
  [
    'a close-up without a grid of regions',
    (m) => delete (m as { regions?: unknown }).regions,
    'gender.hasCloseUp',
    /false, as "regions" is not a grid/,
  ],
  ['a bonus out of range', (m) => (m.gender = { wordBonus: 11 }), 'gender.wordBonus', /from 0 to 10, found 11/],
  ['no beams', (m) => (m.generation.numBeams = 0), 'generation.numBeams', /from 1 to 64, found 0/],
  [
    'an end of another kind',
    (m) => (m.generation.earlyStopping = 1),
    'generation.earlyStopping',
    /true, false or 'never'/,
  ],
  ['a beam search that nobody has', (m) => (m.generation.beamVariant = 'stop'), 'generation.beamVariant', /clipcap/],
  ['a penalty of 0', (m) => (m.generation.repetitionPenalty = 0), 'generation.repetitionPenalty', /above 0/],
  ['no size before the crop', (m) => (m.image.resize = 'squash-crop'), 'image.squashedWidth', /at least|from 1/],
  ['captions too long', (m) => (m.generation.maxLength = 999), 'generation.maxLength', /from 1 to/],
  ['a list for a manifest', (m) => (m.image = [] as never), 'image', /an object, found an empty array/],
])('%s: the error names file, field and what was expected', (_, change, field, message) => {
  const error = errorOf(change);
  expect(error.field).toBe(field);
  expect(error.file).toBe('m/captioneer.json');
  expect(error.code).toBe('MANIFEST_INVALID');
  expect(error.message).toMatch(message);
});

test('text that is not JSON', () => {
  expect(() => parseManifest('{', 'captioneer.json')).toThrow(/captioneer\.json: expected JSON/);
});

test('details of the resize are read where its rule has them', () => {
  const manifest = { ...defaultManifest(), gender: undefined }; // its close-up is of a squashed image
  Object.assign(manifest.image, {
    resize: 'shortest-edge-crop',
    shortestEdge: 256,
    cropRounding: 'half-to-even',
    rescaleFactor: 1,
  });
  expect(parseManifest(JSON.stringify(manifest), 'm').image).toMatchObject({
    shortestEdge: 256,
    cropRounding: 'half-to-even',
    rescaleFactor: 1,
  });
});

test('with a prefix, captions may start without a token', () => {
  const manifest = defaultManifest();
  manifest.prefix = { length: 4, width: 8, isNormalized: false };
  manifest.tokens.start = [];
  const read = parseManifest(JSON.stringify(manifest), 'm');
  expect(read.prefix).toEqual({ length: 4, width: 8, isNormalized: false });
  expect(read.tokens.start).toEqual([]);
});

test('defaults of the search that may be left out', () => {
  const manifest = defaultManifest();
  Object.assign(manifest.generation, {
    earlyStopping: 'never',
    repetitionPenalty: 1.1,
    beamVariant: 'clipcap',
    noRepeatWords: true,
  });
  const { generation } = parseManifest(JSON.stringify(manifest), 'captioneer.json');
  expect(generation).toMatchObject({
    earlyStopping: 'never',
    repetitionPenalty: 1.1,
    beamVariant: 'clipcap',
    noRepeatWords: true,
  });
});
