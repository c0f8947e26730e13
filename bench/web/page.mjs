// The page that bench/web.mjs times this library in: functions for its `evaluate`. With the address of a model (`?model=…&image=…`) it captions by itself, as soon as
// its script runs.
import { Captioner } from 'captioneer';
import { webPlatform } from 'captioneer/web';

const captioners = new Map();

/** What was waited for, by name: begins and ends in milliseconds since the page was asked for. */
const spans = [];

function time(owner, method, name) {
  const real = owner[method];
  owner[method] = async function (...given) {
    const start = performance.now();
    try {
      return await real.apply(this, given);
    } finally {
      spans.push({ name, start, end: performance.now() });
    }
  };
}

/** The runtime as the library loads it by itself, each graph timed. */
async function timedRuntime() {
  const runtime = await import('onnxruntime-web/wasm');
  if (!timedRuntime.isDone) time(runtime.InferenceSession, 'create', 'graph');
  timedRuntime.isDone = true;
  return runtime;
}

/** Loads a model and captions an image: milliseconds since the page was asked for, and the steps that they went into. */
async function visit(source, image) {
  time(globalThis.WebAssembly, 'instantiateStreaming', 'WebAssembly');
  time(globalThis.SubtleCrypto.prototype, 'digest', 'hashes');
  const start = performance.now();
  const options = { runtime: { module: timedRuntime } };
  webPlatform(options).prepareRuntime(); // this page knows that it will need it
  const captioner = await Captioner.load(source, options);
  const loaded = performance.now();
  const { text, timing } = await captioner.caption(image);
  const ms = performance.now();
  return { ms, text, steps: steps({ start, loaded, ms, timing }) };
}

/** In the order of the line from page to caption; those of one name are taken together, from the first begin to the last end. */
function steps({ start, loaded, ms, timing }) {
  const files = performance
    .getEntriesByType('resource')
    .filter(({ name }) => /\.(json|onnx)$/.test(name))
    .map(({ startTime, responseEnd }) => ({ name: 'files', start: startTime, end: responseEnd }));
  const [backend, ...graphs] = spans.filter(({ name }) => name === 'graph');
  const together = (name, found) => {
    const first = Math.min(...found.map((span) => span.start));
    return { name, startMs: first, ms: Math.max(...found.map((span) => span.end)) - first };
  };
  const named = (name) => spans.filter((span) => span.name === name);
  return [
    { name: 'page and scripts', startMs: 0, ms: start },
    together('fetching the model', files),
    together('fetching and compiling WebAssembly', named('WebAssembly')),
    together('starting the runtime, with that', [backend]),
    together('hashing the model', named('hashes')),
    together('loading the graphs', graphs),
    { name: 'caption: reading and resizing the image', startMs: loaded, ms: timing.decodeMs + timing.preprocessMs },
    { name: 'caption: encoder', startMs: ms - timing.searchMs - timing.encodeMs, ms: timing.encodeMs },
    { name: 'caption: words', startMs: ms - timing.searchMs, ms: timing.searchMs },
  ];
}

async function load(source, options) {
  captioners.set(source, await Captioner.load(source, options));
}

/** Milliseconds of one caption, those of them until its first word, and what it says. */
async function caption(source, image, options) {
  const started = performance.now();
  const { text, tokens, timing } = await captioners.get(source).caption(await pixelsOr(image), options);
  const ms = performance.now() - started;
  return { ms, imageMs: ms - timing.searchMs, text, ids: tokens.map(({ id }) => id) };
}

/** An address as it is; `.bin` is 640×480 RGB, as the peer gets it, too. */
async function pixelsOr(image) {
  if (!image.endsWith('.bin')) return image;
  const data = new Uint8Array(await (await fetch(image)).arrayBuffer());
  return { data, width: 640, height: 480, channels: 3 };
}

const asked = new globalThis.URLSearchParams(globalThis.location.search);
const visited = asked.has('model') ? visit(asked.get('model'), asked.get('image')) : undefined;

Object.assign(globalThis, { bench: { visited: () => visited, load, caption } });
