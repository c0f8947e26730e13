import { nodePlatform } from '../dist/index.js';

/** The Node platform with a clock on each session: milliseconds of every run, by graph. */
export function timedPlatform() {
  const runs = { encoder: [], decoder: [] };
  const platform = nodePlatform();
  const timed = {
    ...platform,
    name: platform.name,
    decodeImage: (...args) => platform.decodeImage(...args),
    openModel: (...args) => platform.openModel(...args),
    fingerprint: (...args) => platform.fingerprint(...args),
    async createSession(graph, name, options) {
      const session = await platform.createSession(graph, name, options);
      const times = runs[name.includes('encoder') ? 'encoder' : 'decoder'];
      return {
        inputs: session.inputs,
        outputs: session.outputs,
        async run(...args) {
          const started = performance.now();
          const outputs = await session.run(...args);
          times.push(performance.now() - started);
          return outputs;
        },
        release: () => session.release(),
      };
    },
  };
  return { platform: timed, runs };
}
