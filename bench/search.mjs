// What the search itself takes of a step: everything but the decoder. A vocabulary of GPT-2's size, logits that are there at once.
// Processor time, its lowest tenth: neighbours on the machine slow it all the same.
// usage: node bench/search.mjs [module]    (default: the built captioneer/search; another build's file to compare with)
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { quantile } from './statistics.mjs';

const VOCABULARY = 50_257;
const STEPS = 30;
const ROUNDS = 12;

const given = process.argv[2];
const { search } = await import(given === undefined ? 'captioneer/search' : pathToFileURL(given).href);

/** Logits of a step, spread about as GPT-2's are: most of the vocabulary 5 to 15 below the best. */
const pool = Array.from({ length: 8 }, (_, seed) => {
  let state = seed + 1;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  return Float32Array.from({ length: VOCABULARY }, () => -100 + 4 * (next() + next() + next() + next() - 2));
});

const processorMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** What a decoder may tell of them; any numbers do. */
const summaryOf = (rows) => ({
  logSumExps: new Float32Array(rows).fill(-92),
  entropies: new Float32Array(rows).fill(6),
});

/** Counts the time that it takes itself, so that it can be left out. */
class InstantDecoder {
  vocabularySize = VOCABULARY;
  maxPositions = 1024;
  ownMs = 0;

  constructor(hasSummary) {
    this.hasSummary = hasSummary;
  }

  start() {
    return 1;
  }

  async step(rows, tokenIds) {
    const began = processorMs();
    const logits = new Float32Array(tokenIds.length * VOCABULARY);
    tokenIds.forEach((tokenId, row) => logits.set(pool[(tokenId + row) % pool.length], row * VOCABULARY));
    this.ownMs += processorMs() - began;
    return { logits, state: tokenIds.length, ...(this.hasSummary && { summary: summaryOf(tokenIds.length) }) };
  }

  reorder(_, parents) {
    return parents.length;
  }
}

async function stepMs(options, hasSummary) {
  const decoder = new InstantDecoder(hasSummary);
  const began = processorMs();
  await search(decoder, {}, { startTokenIds: [0], endTokenIds: [], maxLength: STEPS, ...options });
  return (processorMs() - began - decoder.ownMs) / STEPS;
}

const CASES = {
  greedy: {},
  '4 beams': { numBeams: 4, noRepeatNgramSize: 3 },
  '8 beams in 4 groups': { numBeams: 8, numBeamGroups: 4 },
  'a sample': { strategy: 'sample', seed: 1 },
  'a sample, top-k 50': { strategy: 'sample', topK: 50, seed: 1 },
  'a sample, top-p 0.9': { strategy: 'sample', topP: 0.9, seed: 1 },
  '4 sampled beams': { strategy: 'beam-sample', numBeams: 4, topK: 50, seed: 1 },
};

console.log(`Node ${process.version}; a step of the search, vocabulary of ${VOCABULARY}, without the decoder`);
for (const [name, options] of Object.entries(CASES)) {
  const found = [];
  for (const hasSummary of [false, true]) {
    const times = [];
    for (let round = 0; round < ROUNDS; round++) times.push(await stepMs(options, hasSummary));
    found.push(`${quantile(times, 0.1).toFixed(2)} ms (median ${quantile(times, 0.5).toFixed(2)})`);
  }
  console.log(`${name.padEnd(22)} ${found[0]}; where the decoder tells their sums ${found[1]}`);
}
