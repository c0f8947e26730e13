// Holds the library against what a reference made of a picture with a checkpoint of full size; test/exporters/full_size.py makes
// both and runs this:  node bench/full-size.mjs <recorded.json> <model folder> [dtype]
// Prints one JSON object: largest differences, equal captions, times and memory.
import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { nodePlatform } from '../dist/adapters/node/index.js';
import { castFloats, openModel } from '../dist/authors/index.js';
import { Captioner } from '../dist/index.js';
import { toPixelValues } from '../dist/preprocess/index.js';
import { median } from './statistics.mjs';

const [recordedFile, folder, dtype] = process.argv.slice(2);
const recorded = JSON.parse(readFileSync(recordedFile, 'utf8'));
const bytes = (base64) => Uint8Array.from(Buffer.from(base64, 'base64'));
const floats = ({ values }) => new Float32Array(bytes(values).buffer);
const logits = floats(recorded.logits);
const picture = { ...recorded.picture, channels: 3, data: bytes(recorded.picture.data) };
const platform = nodePlatform();

const largest = (numbers) => numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
const distance = (a, b) => a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);

/** The largest difference of what the encoder gives and the reference has, as a share of the largest number. */
function featureDistance(encoded) {
  const shared = Object.keys(recorded.memory).filter((name) => name in encoded);
  if (shared.length === 0) throw new Error(`the encoder gives none of ${Object.keys(recorded.memory).join(', ')}`);
  return Math.max(
    ...shared.map((name) => {
      const expected = floats(recorded.memory[name]);
      return distance(expected, castFloats(encoded[name], 'float32').data) / largest(expected);
    }),
  );
}

/** Decodes `rows` equal captions along the recorded words; gives the logits' largest difference and the time of each word. */
async function followWords({ decoder, manifest }, encoded, rows) {
  const vocabulary = manifest.vocabularySize;
  let state = decoder.start(encoded);
  let difference = 0;
  const first = recorded.read[0].length === 0 ? 1 : 0; // a prefix is read alone, by one row
  const unscored = recorded.read.length - logits.length / vocabulary; // before a token that is forced
  const times = [];
  for (const [step, ids] of recorded.read.entries()) {
    if (step === first) state = decoder.reorder(state, Array(rows).fill(0));
    const count = step < first ? 1 : rows;
    const started = performance.now();
    const result = await decoder.step(state, Array(count).fill(ids).flat());
    times.push(performance.now() - started);
    state = result.state;
    if (step < unscored) continue;
    const expected = logits.subarray((step - unscored) * vocabulary, (step - unscored + 1) * vocabulary);
    const last = result.logits.subarray((count - 1) * vocabulary, count * vocabulary);
    difference = Math.max(difference, distance(expected, last));
  }
  return { difference, wordMs: median(times.slice(1)) };
}

/** A text as captions have it: without control characters, which random tokens are full of. */
const shown = (text) =>
  text
    .replaceAll(/[\t-\r\u0085]/g, ' ')
    .replaceAll(/\p{Cc}/gu, '')
    .trim();

const isSame = (found, expected) =>
  found.length === expected.length &&
  found.every(
    ({ tokens, text, finishReason }, i) =>
      String(tokens.map(({ id }) => id)) === String(expected[i].ids) &&
      text === shown(expected[i].text) &&
      (finishReason === 'stop') === expected[i].isFinished,
  );

const started = performance.now();
const model = await openModel(platform, folder, dtype === undefined ? {} : { dtype });
const loadMs = performance.now() - started;
const raw = await platform.decodeImage(picture);
const pixelValues = toPixelValues(raw, model.manifest.image);
const encodeStarted = performance.now();
const encoded = await model.encoder.encode(pixelValues);
const encodeMs = performance.now() - encodeStarted;
const one = await followWords(model, encoded, 1);
const four = await followWords(model, encoded, 4);
const captioner = new Captioner(platform, model);
const searches = [];
for (const { options, captions } of recorded.searches) {
  const { detail, ...others } = options;
  const found =
    detail === 'text' ? await captioner.readText(picture, others) : await captioner.caption(picture, options);
  searches.push({ numBeams: options.numBeams, isSame: isSame(found.captions, captions) });
}
await captioner.dispose();
console.log(
  JSON.stringify({
    pixels: distance(pixelValues.data, floats(recorded.pixelValues)),
    features: featureDistance(encoded),
    logits: Math.max(one.difference, four.difference),
    largestLogit: largest(logits),
    searches,
    loadMs,
    encodeMs,
    wordMs: one.wordMs,
    fourWordsMs: four.wordMs,
    memoryMb: process.memoryUsage.rss() / 1e6,
  }),
);
