import type { LoadCaptioner } from './command-io.js';

/** Loads the library only now, so that `--help`, `--version` and a wrong option answer without it. */
export const loadCaptioner: LoadCaptioner = async (model, options) => {
  const { Captioner } = await import('../index.js');
  return Captioner.load(model, options);
};
