#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { EXIT_CODE } from './console/exit-code.js';
import { loadClip } from './console/load-clip.js';
import { run } from './run.js';

const interruption = new AbortController();
process.on('SIGINT', () => {
  // The first Ctrl-C lets what is under way come to a clean end, the second does not wait for it.
  if (interruption.signal.aborted) process.exit(EXIT_CODE.interrupted);
  interruption.abort();
});

// The code is set, not exited with, so that what is still being written reaches its reader.
process.exitCode = await run(process.argv.slice(2), {
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  signal: interruption.signal,
  version: packageVersion(),
  // Loaded when it is needed: `--help`, `--version` and a wrong option do without the library.
  loadCaptioner: async (model, options) => {
    const { Captioner } = await import('../index.js');
    return Captioner.load(model, options);
  },
  loadClip,
