import type { ModelFiles } from '../../../../core/index.js';
import { openHubModel } from '../../../../hub/index.js';
import type { ModelFilesOptions } from '../../../shared/platform-options.js';
import { HubCacheFolder } from './hub-cache-folder.js';
import { readHubEnvironment } from './hub-environment.js';
import { proxyHint, USER_AGENT } from '../../requests.js';

const NAMES = {
  token: 'HF_TOKEN (or the option hub.token)',
  offline: 'HF_HUB_OFFLINE (or the option hub.offline) is set',
  elsewhere: 'no such folder here',
  unreachable:
    'Check the network and HF_ENDPOINT. With HF_HUB_OFFLINE=1 only what has been downloaded already is used.',
};

/**
 * The files of a model on the hub that the environment names, kept in the cache folder that it names.
 *
 * @param id `owner/name`
 * @throws FetchError, ModelFileError, InvalidArgumentError, or the abort reason
 */
export async function hubModelFiles(id: string, options: ModelFilesOptions): Promise<ModelFiles> {
  const { cacheFolder, ...environment } = await readHubEnvironment(options.hub);
  const { fetch, timeoutMs, retryWaitsMs } = options;
  return openHubModel({
    id,
    revision: options.revision ?? 'main',
    settings: {
      ...environment,
      names: { ...NAMES, unreachable: NAMES.unreachable + proxyHint() },
      fetch,
      timeoutMs,
      retryWaitsMs,
      headers: { 'user-agent': USER_AGENT },
      redirects: 'library',
    },
    store: new HubCacheFolder(cacheFolder, id, options.maxBytes),
    progress: options.progress,
    signal: options.signal,
  });
}
