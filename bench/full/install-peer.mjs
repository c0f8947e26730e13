import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Installs the JavaScript peer into a folder of its own, if it is not there yet. */
export function installPeer(folder) {
  if (existsSync(join(folder, 'node_modules'))) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '@huggingface/transformers@latest'];
  execFileSync('npm', install, { cwd: folder, stdio: 'inherit' });
}
