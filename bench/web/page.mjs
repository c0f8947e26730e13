// The page that bench/web.mjs times this library in: functions for its `evaluate`.
import { Captioner } from 'captioneer';

const captioners = new Map();

/** Loads a model and captions an image: milliseconds since the page was asked for. */
async function visit(source, image) {
  const captioner = await Captioner.load(source);
  const { text } = await captioner.caption(image);
  const ms = performance.now();
  return { ms, text };
}

async function load(source, options) {
  captioners.set(source, await Captioner.load(source, options));
}

/** Milliseconds of one caption, and what it says. */
async function caption(source, image, options) {
  const started = performance.now();
  const { text, tokens } = await captioners.get(source).caption(await pixelsOr(image), options);
  return { ms: performance.now() - started, text, ids: tokens.map(({ id }) => id) };
}

/** An address as it is; `.bin` is 640×480 RGB, as the peer gets it, too. */
async function pixelsOr(image) {
  if (!image.endsWith('.bin')) return image;
  const data = new Uint8Array(await (await fetch(image)).arrayBuffer());
  return { data, width: 640, height: 480, channels: 3 };
}

Object.assign(globalThis, { bench: { visit, load, caption } });
