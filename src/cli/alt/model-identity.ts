import { nodePlatform } from '../../adapters/node/index.js';
import { filesOf, readManifest } from '../../model/index.js';
import type { ModelSettings } from '../console/open-model.js';

/**
 * Which model a run has: its name and a checksum of its files, if it has a manifest; otherwise what was asked for. No graph is loaded.
 */
export async function modelIdentity({ source, load }: ModelSettings, signal: AbortSignal): Promise<string> {
  try {
    const manifest = await readManifest(await nodePlatform().findModelFiles(source, { signal }), signal);
    const { createHash } = await import('node:crypto');
    const sums = filesOf(manifest).map(({ sha256 }) => sha256);
    return `${manifest.name}@${createHash('sha256').update(sums.join()).digest('hex').slice(0, 16)}`;
  } catch {
    signal.throwIfAborted();
    return [source ?? 'default', load.revision ?? 'main', JSON.stringify(load.dtype ?? 'default')].join('@');
  }
}
