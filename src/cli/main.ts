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
  // The build puts the scripts of pages beside this file.
  pageScript: (page) => readFile(new URL(`./page/${page}.js`, import.meta.url), 'utf8'),
});

/** The version in package.json, which lies two folders up from the source as from the built file. */
function packageVersion(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
