import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Versions of the JavaScript peer and its runtime, as they are installed in a folder. */
export function peerVersions(installed) {
  const versionOf = (dependency) =>
    JSON.parse(readFileSync(join(installed, 'node_modules', dependency, 'package.json'), 'utf8')).version;
  const dependencies = ['@huggingface/transformers', 'onnxruntime-node'];
  return Object.fromEntries(dependencies.map((dependency) => [dependency, versionOf(dependency)]));
}
