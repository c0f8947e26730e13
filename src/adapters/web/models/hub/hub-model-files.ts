import type { ModelFiles } from '../../../../core/index.js';
import { openHubModel } from '../../../../hub/index.js';
import { FETCH_ADVICE, insecureContext } from '../../advice.js';
import type { ModelFilesOptions } from '../../../shared/platform-options.js';
import { HubCacheStorage } from './hub-cache-storage.js';

const HUB_URL = 'https://huggingface.co';

const NAMES = {
  token: 'hub.token',
  offline: 'hub.offline is set',
  elsewhere: 'it was not looked for in this site: the path of a folder begins with "/" or "./"',
  unreachable: `${FETCH_ADVICE} For a folder of this site begin the path with "/" or "./".`,
};

/**
 * The files of a model on the hub, kept in the page's Cache Storage.
 *
 * @param id `owner/name`
 * @throws FetchError, ModelFileError, InvalidArgumentError, RuntimeError if the page has no Cache Storage, the abort reason
 */
export async function hubModelFiles(id: string, options: ModelFilesOptions): Promise<ModelFiles> {
  // Typed as if it were always there.
  if ((globalThis.caches as CacheStorage | undefined) === undefined) {
    throw insecureContext('Cache Storage, which keeps models of the hub,');
  }
  const { hub, fetch, timeoutMs, retryWaitsMs, maxBytes } = options;
  const { url: hubUrl = HUB_URL, token, cacheDir, offline: isOffline = false } = hub;
  return openHubModel({
    id,
    revision: options.revision ?? 'main',
    settings: {
      hubUrl,
      token,
      isOffline,
      names: NAMES,
      fetch,
      timeoutMs,
      retryWaitsMs,
    },
    store: new HubCacheStorage({ hubUrl, id, maxBytes, ...(cacheDir !== undefined && { cacheName: cacheDir }) }),
    progress: options.progress,
    signal: options.signal,
  });
}
