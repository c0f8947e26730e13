import type { LoadCaptioner } from './command-io.js';

/** Loads the library when it is needed: `--help`, `--version` and a wrong option do without it. */
export const loadCaptioner: LoadCaptioner = async (model, options) => {
  const { Captioner } = await import('../../index.js');
  return Captioner.load(model, options);
};
