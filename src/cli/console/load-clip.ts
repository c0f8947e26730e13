import type { LoadClip } from './command-io.js';

/** Loads the library when it is needed. */
export const loadClip: LoadClip = async (model, { device, numThreads, hub, onWarning, ...options }) => {
  const [node, evaluation] = await Promise.all([
    import('../../adapters/node/index.js'),
    import('../../evaluation/index.js'),
  ]);
  const platform = node.nodePlatform({
    ...(device && { device }),
    ...(numThreads !== undefined && { numThreads }),
    ...(hub && { hub }),
    ...(onWarning && { onWarning }),
  });
  return evaluation.loadClip(platform, model, { ...options, ...(onWarning && { onWarning }) });
};
