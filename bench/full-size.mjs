// Holds the library against what transformers made of a picture with a checkpoint of full size; test/hub/fixtures/full_size.py
// makes both and runs this:  node bench/full-size.mjs <folder> <dtype>…
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Captioner, castFloats, nodePlatform, openModel } from '../dist/index.js';
import { toPixelValues } from '../dist/preprocess/index.js';
import { median, printTable } from './statistics.mjs';

const [folder, ...dtypes] = process.argv.slice(2);
const SUFFIX = { fp32: '', fp16: '_fp16', q8: '_quantized' };
const recorded = JSON.parse(readFileSync(join(folder, 'recorded.json'), 'utf8'));
const floats = (name) => {
  const bytes = readFileSync(join(folder, name));
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
};
const [features, logits] = [floats('features.bin'), floats('logits.bin')];
const picture = { data: readFileSync(join(folder, 'picture.bin')), width: 640, height: 480, channels: 3 };
const platform = nodePlatform();

const largestDifference = (a, b) => a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i])), 0);
const same = (found, expected) =>
  found.filter(({ tokens, text, isFinished }, i) => {
    const wanted = expected[i];
    return (
      String(tokens.map(({ id }) => id)) === String(wanted.ids) &&
      text === wanted.text &&
      isFinished === wanted.isFinished
    );
  }).length;

/** Decodes `rows` equal captions along the recorded words; gives the logits' largest difference and the time of each word. */
async function followWords({ decoder, manifest }, encoded, rows) {
  const vocabulary = manifest.vocabularySize;
  let state = decoder.reorder(decoder.start(encoded), Array(rows).fill(0));
  let tokenId = manifest.tokens.start[0];
  let largest = 0;
  const times = [];
  for (const [step, next] of recorded.ids.entries()) {
    const started = performance.now();
    const result = await decoder.step(state, Array(rows).fill(tokenId));
    times.push(performance.now() - started);
    const expected = logits.subarray(step * vocabulary, (step + 1) * vocabulary);
    const last = result.logits.subarray((rows - 1) * vocabulary, rows * vocabulary);
    largest = Math.max(largest, largestDifference(expected, last));
    [state, tokenId] = [result.state, next];
  }
  return { largest, wordMs: median(times) };
}

async function compare(dtype) {
  const started = performance.now();
  const model = await openModel(platform, join(folder, 'model'), { dtype });
  const loadMs = performance.now() - started;
  const captioner = new Captioner(platform, model);
  const raw = await platform.decodeImage(picture);
  const encodeStarted = performance.now();
  const encoded = await model.encoder.encode(toPixelValues(raw, model.manifest.image));
  const encodeMs = performance.now() - encodeStarted;
  const hidden = encoded.last_hidden_state;
  const one = await followWords(model, encoded, 1);
  const four = await followWords(model, encoded, 4);
  const options = { maxLength: recorded.ids.length };
  const greedy = await captioner.caption(picture, { ...options, numBeams: 1 });
  const beams = await captioner.caption(picture, { ...options, numBeams: 4, numCaptions: 4 });
  await captioner.dispose();
  const graphs = ['encoder_model', 'decoder_model_merged'].map((name) =>
    join(folder, 'model/onnx', `${name}${SUFFIX[dtype]}.onnx`),
  );
  return [
    dtype,
    graphs.map((path) => (statSync(path).size / 1e6).toFixed(0)).join(' + '),
    largestDifference(features, castFloats(hidden, 'float32').data).toExponential(1),
    one.largest.toExponential(1),
    four.largest.toExponential(1),
    `${same(greedy.captions, recorded.greedy)}/1`,
    `${same(beams.captions, recorded.beams)}/4`,
    ...[loadMs, encodeMs, one.wordMs, four.wordMs].map((ms) => ms.toFixed(0)),
    (process.memoryUsage.rss() / 1e6).toFixed(0),
  ];
}

const head = [
  'dtype',
  'MB',
  'features',
  'logits, 1 row',
  '4 rows',
  'greedy',
  'beams',
  'load ms',
  'encode',
  'word, 1 row',
  '4 rows',
  'RSS MB',
];
const rows = [];
for (const dtype of dtypes) rows.push(await compare(dtype));
console.log(
  `largest differences from transformers (logits up to ${largestDifference(logits, new Float32Array(logits.length)).toFixed(1)}), equal captions, times`,
);
printTable([head, ...rows]);
