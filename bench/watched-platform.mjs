import { nodePlatform } from '../dist/adapters/node/index.js';

/**
 * The Node platform, watched: `onSession(part)` is called when the graph of the `encoder` or the `decoder` has been loaded, and
 * `onRun(part, milliseconds)` after each run of it.
 */
export function watchedPlatform({ onSession, onRun }) {
  const platform = nodePlatform();
  return {
    ...platform,
    name: platform.name,
    decodeImage: (...args) => platform.decodeImage(...args),
    findModelFiles: (...args) => platform.findModelFiles(...args),
    fingerprint: (...args) => platform.fingerprint(...args),
    async createSession(graph, name, options) {
      const session = await platform.createSession(graph, name, options);
      // What a decoder's graph computes of the image, once, counts for the encoder.
      const part = session.outputs.some((output) => output.name === 'logits') ? 'decoder' : 'encoder';
      onSession?.(part);
      return {
        inputs: session.inputs,
        outputs: session.outputs,
        async run(...args) {
          const started = performance.now();
          const outputs = await session.run(...args);
          onRun(part, performance.now() - started);
          return outputs;
        },
        release: () => session.release(),
      };
    },
  };
}

/** The Node platform with a clock on each session: milliseconds of every run, by graph. */
export function timedPlatform() {
  const runs = { encoder: [], decoder: [] };
  const platform = watchedPlatform({
    onRun: (part, milliseconds) => runs[part].push(milliseconds),
  });
  return { platform, runs };
}
