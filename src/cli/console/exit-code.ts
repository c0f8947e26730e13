/** What the exit code says. 130 is what shells use for a program that Ctrl-C ended (128 + SIGINT). */
export const EXIT_CODE = {
  /** Everything was done. */
  ok: 0,
  /** At least one image failed, or the output could not be written. */
  failed: 1,
  /** The command line is wrong; nothing was done. */
  usage: 2,
  /** The model or the runtime could not be loaded; nothing was done. */
  model: 3,
  /** Ctrl-C. */
  interrupted: 130,
} as const;
