// Times the metrics on a corpus of 40,000 captions with 5 references each, from raw text: node bench/metrics.mjs
// The captions are made of recorded ones: a sentence's start goes on with the end of another that shares a word.
import { readFileSync } from 'node:fs';
import {
  BleuAccumulator,
  CiderAccumulator,
  MeteorLightAccumulator,
  RougeLAccumulator,
  tokenize,
  VocabularyAccumulator,
} from '../dist/metrics/index.js';

const IMAGES = 40_000;
const REFERENCES = 5;

const sentences = ['general', 'everyday'].flatMap((name) => {
  const record = new URL(`../test/metrics/fixtures/${name}.json`, import.meta.url);
  const { images } = JSON.parse(readFileSync(record, 'utf8'));
  return images.flatMap(({ candidate, references }) => [candidate, ...references]);
});

let state = 1;
const random = (below) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
};

/** Where each word stands in the sentences. */
const places = new Map();
const words = sentences.map((sentence) => sentence.split(' '));
for (const [row, list] of words.entries()) {
  for (const [at, word] of list.entries()) places.set(word, [...(places.get(word) ?? []), [row, at]]);
}

function sentence() {
  const start = words[random(words.length)];
  const cut = 1 + random(start.length - 1);
  const choices = places.get(start[cut - 1]);
  const [row, at] = choices[random(choices.length)];
  return [...start.slice(0, cut), ...words[row].slice(at + 1)].join(' ');
}

const captions = Array.from({ length: IMAGES * (1 + REFERENCES) }, sentence);
console.log(`${IMAGES} captions, ${REFERENCES} references each; ${new Set(captions).size} distinct sentences`);

const time = (label, work) => {
  const start = performance.now();
  const cpu = process.cpuUsage();
  const result = work();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  console.log(`${label.padEnd(16)} ${seconds.toFixed(2)} s, processor ${((user + system) / 1e6).toFixed(2)} s`);
  total += seconds;
  return result;
};
let total = 0;

const images = time('tokenize', () =>
  Array.from({ length: IMAGES }, (_, image) => {
    const [candidate, ...references] = captions
      .slice(image * (1 + REFERENCES), (image + 1) * (1 + REFERENCES))
      .map((caption) => tokenize(caption));
    return { candidate, references };
  }),
);
for (const [label, accumulator] of [
  ['BLEU-1 … 4', new BleuAccumulator()],
  ['ROUGE-L', new RougeLAccumulator()],
  ['CIDEr-D', new CiderAccumulator()],
  ['light METEOR', new MeteorLightAccumulator()],
]) {
  time(label, () => {
    for (const image of images) accumulator.add(image);
    return accumulator.result();
  });
}
time('vocabulary', () => {
  const accumulator = new VocabularyAccumulator();
  for (const { candidate } of images) accumulator.add(candidate);
  return accumulator.result();
});
console.log(`${'all'.padEnd(16)} ${total.toFixed(2)} s, ${Math.round(process.memoryUsage().rss / 1e6)} MB`);
