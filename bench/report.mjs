// Writes docs/benchmarks.md from what the benchmarks found when they ran last:  node bench/report.mjs --write
import { fileURLToPath } from 'node:url';
import { markdownTable, writeMarkdown } from './markdown.mjs';
import { isWriting, readResults } from './results.mjs';

const page = fileURLToPath(new URL('../docs/benchmarks.md', import.meta.url));
const PEER = '@huggingface/transformers';

const table = (head, rows) => markdownTable([head, ...rows], (column) => (column === 0 ? ':--' : '--:'));
/** As the README calls it; the default model is named after its family. */
const shown = (name) => (name === 'attention' ? 'default' : name);
const times = (a, b) => (a === undefined || b === undefined ? '–' : `${(a / b).toFixed(2)} ×`);
const ms = (value, digits = 0) => (value === undefined ? '–' : value.toFixed(digits));
const megabytes = (bytes) => (bytes / 1e6).toFixed(0);

/** How much of a caption is spent neither in the runtime nor on pixels. */
const share = ({ ms: whole, searchMs }) =>
  searchMs === undefined ? '–' : `${((100 * searchMs) / whole).toFixed(1)} %`;

function origin({ date, machine, load, versions = {} }) {
  const { processor, cores, memoryGb, system, node } = machine;
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${date}; ${cores} cores of ${processor}, ${memoryGb} GB, ${system}; ${[`Node ${node}`, ...packages].join(', ')}.${ofLoad(load, machine.cores)}`;
}

/** What other work there was: times of a busy machine compare with each other only. */
function ofLoad(load, cores) {
  if (load === undefined) return '';
  const [before, after] = load.map((value) => value.toFixed(1));
  return ` Load average of the machine before and after: ${before} and ${after}; what is above ${cores} waits for a processor, so compare ratios, not milliseconds.`;
}

const findRow = (rows, name, numBeams) => rows.find((row) => row.name === name && row.numBeams === numBeams);

/** What a row of whole captions begins with: who, by which search, how fast, and how much faster than the peer. */
const beginning = ({ name, numBeams, ms: median, p95 }, peer) => [
  name,
  numBeams === 1 ? 'greedy' : `${numBeams} beams`,
  ms(median),
  ms(p95),
  times(peer.ms, median),
];
const step = ({ decoderMs, steps }) => (decoderMs === undefined ? '–' : ms(decoderMs / steps, 1));
const peak = ({ peakBytes }) => (peakBytes === undefined ? '–' : megabytes(peakBytes));

/** Whole captions of one kind of weights. */
function fullSize(dtype, results) {
  const { rows, words, rounds } = results;
  const find = (name, numBeams) => findRow(rows, name, numBeams);
  const peer = find(PEER, 1);
  const own = [find('captioneer, own layout', 1), find('captioneer, own layout', 4)];
  const python = [find('transformers on PyTorch', 1), find('transformers on PyTorch', 4)];
  const measured = rows.map((row) => [
    ...beginning(row, peer),
    step(row),
    share(row),
    peak(row),
    ...(python[0] ? [sameWords(row, python)] : []),
  ]);
  const head = [
    '',
    'search',
    'ms',
    'p95',
    'peer / it',
    'ms a step',
    'JavaScript',
    'peak, MB',
    ...(python[0] ? ["PyTorch's words"] : []),
  ];
  const ratio = (name, other, row, aim) => [name, times(other.ms, row.ms), times(other.ms, row.runtimeMs), aim];
  const ratios = [
    ratio('greedy, own layout, to the peer', peer, own[0], '2.0'),
    ratio('greedy, public layout, to the peer', peer, find('captioneer, public layout', 1), '1.8'),
    ratio("4 beams, own layout, to the peer's greedy", peer, own[1], '1.0'),
    ...(python[1] ? [ratio('4 beams, own layout, to PyTorch', python[1], own[1], '1.3')] : []),
  ];
  return [
    `### ${dtype}`,
    origin(results),
    `Medians of ${rounds} captions of ${words} words, the contestants in turns, so that other work on the machine, which p95 tells of, disturbs all alike. ` +
      `The peer is ${PEER}, greedy; it has no beams.`,
    table(head, measured),
    table(['times as fast', 'measured', 'were all but the runtime free', 'to reach'], ratios),
    ...floor(dtype, results, own),
  ];
}

/** Whether it finds what PyTorch finds; the JavaScript peer shrinks pictures otherwise, so that its model sees another one. */
function sameWords({ numBeams, ids }, python) {
  const expected = python.find((row) => row.numBeams === numBeams);
  return String(ids) === String(expected.ids) ? 'yes' : 'no';
}

/** The least a step can take: its weights, read once at the speed at which this machine reads memory. */
function floor(dtype, { machine, stepBytes, bandwidth = readResults('full-fp32')?.bandwidth }, own) {
  if (bandwidth === undefined) return [];
  const bytes = stepBytes[`own-${dtype}`];
  const least = (1000 * bytes) / bandwidth;
  const step = (row) => row.decoderMs / row.steps;
  return [
    `**The floor.** A step in the own layout multiplies by ${megabytes(bytes)} MB of weights, which the ${machine.cores} cores read in about ` +
      `${least.toFixed(1)} ms (${(bandwidth / 1e9).toFixed(1)} GB/s in a sum over 512 MB); measured are ${ms(step(own[0]), 1)} ms for one row ` +
      `and ${ms(step(own[1]), 1)} ms for four. The picture takes ${ms(own[0].encoderMs)} ms of the ${ms(own[0].ms)} of a greedy caption, the ` +
      `runtime in all ${ms(own[0].runtimeMs)} ms.`,
  ];
}

/** Whole captions of Florence-2 in one kind of weights. */
function florence(dtype, results) {
  const { rows, words, rounds } = results;
  const peer = findRow(rows, PEER, 1);
  const [greedy, beams] = [findRow(rows, 'captioneer', 1), findRow(rows, 'captioneer with beams', 3)];
  const measured = rows.map((row) => [
    ...beginning(row, peer),
    row.encoderMs === undefined ? '–' : ms(row.encoderMs),
    step(row),
    peak(row),
  ]);
  const head = ['', 'search', 'ms', 'p95', 'peer / it', 'image and prompt, ms', 'ms a step', 'peak, MB'];
  return [
    `### ${dtype}`,
    origin(results),
    `Medians of ${rounds} captions of ${words} words, in turns.`,
    table(head, measured),
    table(
      ['', 'measured', 'target'],
      [
        ['greedy, times as fast as the peer', times(peer.ms, greedy.ms), 'at least 1.0 ×'],
        ["3 beams, times as fast as the peer's greedy search", times(peer.ms, beams.ms), 'at least 0.7 ×'],
        ["peak memory, greedy, times the peer's", times(greedy.peakBytes, peer.peakBytes), 'at most 1.0 ×'],
      ],
    ),
  ];
}

/** The other families, each with PyTorch. */
function otherFamilies(results) {
  const rows = results.families.map(({ checkpoint, rows: found }) => {
    const peer = findRow(found, 'PyTorch', 1);
    const [greedy, beams] = [1, 4].map((numBeams) => findRow(found, 'captioneer', numBeams));
    const ratio = times(peer.ms, greedy.ms);
    return [
      checkpoint,
      ms(peer.ms),
      ms(greedy.ms),
      ratio,
      ms(beams.ms),
      sameWords(greedy, [peer]),
      share(greedy),
      share(beams),
    ];
  });
  const head = [
    '',
    'PyTorch, ms',
    'captioneer, ms',
    'times as fast',
    '4 beams, ms',
    'same words',
    'JavaScript',
    'with 4 beams',
  ];
  return [
    '## The other families at full size',
    origin(results),
    `Medians of ${results.rounds} greedy captions of ${results.words} words, from pixels to ids, fp32, in turns. In PyTorch each word is read once, ` +
      'with the state of the words before it (the published script of ClipCap reads all of them again at each word).',
    table(head, rows),
  ];
}

function batches(results) {
  const rows = results.rows.map(({ name, family, numBeams, sameTexts, single, batched }) => [
    shown(name),
    family,
    String(numBeams),
    (1000 / single.ms).toFixed(1),
    (1000 / batched.ms).toFixed(1),
    times(single.ms, batched.ms),
    times(single.decoderMs, batched.decoderMs),
    `${sameTexts}/${results.pictures}`,
  ]);
  return [
    '## Batches',
    origin(results),
    `${results.pictures} pictures one by one with \`caption\`, and in one batch with \`captionAll\`; medians of ${results.rounds} rounds in turns. ` +
      'The encoders take one picture at a time both ways; what a batch saves, it saves in the decoder.',
    table(['model', 'family', 'beams', 'pictures/s', 'batched', 'gain', 'in the decoder alone', 'same captions'], rows),
  ];
}

const growth = (from, to) => `${((100 * (to - from)) / from).toFixed(1)} %`;

function memory(results) {
  const limit = Math.max(...results.rows.map(({ space = 0 }) => space));
  const rows = results.rows.map(({ name, count, space, before, loaded, early, late, peak }) => [
    shown(name),
    space === undefined ? 'as it is' : `at most ${space} MB`,
    String(count),
    ...[before, loaded, early, late].map(({ resident }) => megabytes(resident)),
    growth(early.resident, late.resident),
    growth(early.resident - early.heap, late.resident - late.heap),
    growth(early.live, late.live),
    megabytes(peak),
  ]);
  const head = [
    'model',
    "V8's space for new objects",
    'captions',
    'bare',
    'loaded',
    `after ${results.early}`,
    'after all',
    'growth',
    "without V8's heap",
    'live objects and buffers',
    'peak',
  ];
  return [
    '## Memory',
    origin(results),
    `Resident megabytes of a process that captions one picture again and again with ${results.numBeams} beams, its garbage collected.`,
    table(head, rows),
    'V8 enlarges its space for new objects once some captions have been made, and keeps it, although no ' +
      `more objects live in it than before. \`node --max-semi-space-size=${limit}\` keeps it small, and nothing else grows.`,
  ];
}

/** Where the time of visits goes. */
function visitSteps({ first, second }) {
  const rows = first.map(({ name, startMs, ms: took }, step) => [
    name,
    ms(startMs),
    ms(took),
    ms(second[step].startMs),
    ms(second[step].ms),
  ]);
  return [
    'Where that time goes. Steps overlap; the columns tell when a step begins and how long it takes, in milliseconds:',
    table(['step', 'first visit, from', 'takes', 'second visit, from', 'takes'], rows),
  ];
}

/** Where and when a part of the benchmark in Chromium ran. */
const inChromium = (results) => `Chromium ${results.chromium}, WebAssembly. ${origin(results)}`;

/** First and second visit of a page. */
function visitsInBrowser(results) {
  const { visits, beginsByItself, firstMs, secondMs, steps, bytes } = results;
  const mb = (count) => (count / 1e6).toFixed(2);
  const visitRows = [
    ['first visit to the first caption', ms(firstMs.median), ms(firstMs.p95), '–'],
    ['second visit to the first caption', ms(secondMs.median), ms(secondMs.p95), '1200'],
  ];
  const byteRow = [mb(bytes.code), mb(bytes.runtime), mb(bytes.model), mb(bytes.all)];
  return [
    '### Visits',
    inChromium(results),
    `From the navigation to the first caption of a photograph by the default model, in the page's own thread, from a server on the same machine; medians of ${visits} ` +
      'new profiles, each opened a second time in a browser that was started again.',
    ...(beginsByItself
      ? [
          'The page begins as soon as its script runs. It asks for the chunks of that script at once, as one that Vite builds, and starts the runtime before it asks for the model.',
        ]
      : []),
    table(['', 'ms', 'p95', 'target'], visitRows),
    ...visitSteps(steps),
    'Megabytes that travel on the first visit, compressed as static hosts do:',
    table(['code', 'runtime', 'model', 'all, with the image'], [byteRow]),
  ];
}

/** Captions of each model that ships, in a browser. */
function modelsInBrowser(results) {
  const rows = results.models.map(({ model, oneThread, twoThreads }) => [model, ms(oneThread), ms(twoThreads)]);
  return [
    '### Models',
    inChromium(results),
    `A caption of a photograph by each model that ships, with its own number of beams; medians of ${results.rounds} rounds in turns, in milliseconds:`,
    table(['model', 'one thread', 'two threads'], rows),
  ];
}

/** Name, times and ratio of a row of a browser's table. */
function besidePeer({ name, ms: median, p95, imageMs }, peer) {
  return [name, ms(median), ms(p95), imageMs === undefined ? '–' : ms(imageMs), times(peer.ms, median)];
}

/** This library and the peer in a browser, with weights of one kind. */
function peerInBrowser(results) {
  const { dtype, rows, rounds, words } = results;
  const peer = rows.find(({ name }) => name === PEER);
  const measured = rows.map((row) => [...besidePeer(row, peer), String(row.ids) === String(peer.ids) ? 'yes' : 'no']);
  return [
    `### Beside the peer, ${dtype}`,
    inChromium(results),
    `Greedy captions of ${words} words with one thread, on the same seeded random weights (ViT-S/16 and six layers of GPT-2 of the same width) and the same pixels, in ` +
      `turns, medians of ${rounds}. The target is 1.5 × in the own layout.`,
    table(['', 'ms', 'p95', 'of that the image, ms', 'peer / it', "the peer's words"], measured),
  ];
}

/** Florence-2 in a browser, and the peer's. */
function florenceInBrowser(results) {
  const { dtype, rows, rounds, words } = results;
  const peer = rows.find(({ name }) => name === PEER);
  const [greedy, beams] = rows;
  const measured = rows.map((row) => besidePeer(row, peer));
  return [
    `### Florence-2 at base size, ${dtype}`,
    inChromium(results),
    `Captions of ${words} words with one thread, on the same seeded random weights in the layout of the published files, in turns, medians of ${rounds}. ` +
      `The targets are 1.0 × greedy (${times(peer.ms, greedy.ms)}) and 0.7 × with 3 beams (${times(peer.ms, beams.ms)}).`,
    table(['', 'ms', 'p95', 'of that the image and the prompt, ms', 'peer / it'], measured),
  ];
}

/** Visits, models and the peer in Chromium, each as it was measured last. */
function inBrowser(section) {
  const parts = [
    ...section('web-visits', visitsInBrowser),
    ...section('web-models', modelsInBrowser),
    ...section('web-fp32', peerInBrowser),
    ...section('web-q8', peerInBrowser),
    ...['q8', 'q4'].flatMap((dtype) => section(`web-florence-2-${dtype}`, florenceInBrowser)),
  ];
  if (parts.length === 0) return [];
  return [
    '## In a browser',
    ...parts,
    'The image is resized and runs through the encoder before the first word, for both; that time is a floor under every caption. The peer brings a build of onnxruntime-web of its ' +
      'own, which is newer; one row has this library on it, too.',
  ];
}

/** With `--write` writes the page; what has not been measured yet is left out. */
export async function writeReport() {
  if (!isWriting) return;
  const section = (name, write) => {
    const results = readResults(name);
    return results ? write(results) : [];
  };
  const full = ['fp32', 'q8'].flatMap((dtype) => section(`full-${dtype}`, (results) => fullSize(dtype, results)));
  const florences = ['fp32', 'q8', 'q4'].flatMap((dtype) =>
    section(`florence-2-${dtype}`, (results) => florence(dtype, results)),
  );
  const parts = [
    '# Benchmarks',
    'What `npm run bench:full`, `bench:florence-2`, `bench:families`, `bench:batches`, `bench:memory` and `bench:web` measured when they last ran with `--write`; they write this page.',
    ...(full.length > 0
      ? [
          '## Captions of full size',
          'ViT-B/16 and GPT-2 small with the same seeded random weights everywhere, one picture of 640×480 pixels, from pixels to text.',
          ...full,
        ]
      : []),
    ...(florences.length > 0
      ? [
          '## Florence-2 at base size',
          'The same seeded random weights for both, in the layout of the published files; one picture of 640×480 pixels, the prompt of a short caption. ' +
            `The peer is ${PEER}, greedy; it has no beams. Tokens are looked up in a graph of their own at each step, which counts for image and prompt.`,
          ...florences,
        ]
      : []),
    ...section('families', otherFamilies),
    ...section('batches', batches),
    ...section('memory', memory),
    ...inBrowser(section),
  ];
  await writeMarkdown(page, parts.join('\n\n'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeReport();
