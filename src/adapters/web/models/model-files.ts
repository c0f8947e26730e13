import { InvalidArgumentError, type ModelFiles } from '../../../core/index.js';
import { isHubId } from '../../../hub/index.js';
import type { ModelFilesOptions } from '../../shared/platform-options.js';
import { urlFiles } from '../../shared/models/url-files.js';
import { FETCH_ADVICE } from '../advice.js';
import { isFetchable, pageUrl } from '../page-url.js';

/**
 * Finds the files of a model.
 *
 * @param source the id of a model on the hub (`owner/name`), or the URL of a folder, which may be relative to the page
 * @throws InvalidArgumentError for a source of another form, for none, or a revision of what has none; FetchError if the hub
 *   gives no answer; RuntimeError if the page may keep no files; the abort reason
 */
export async function findModelFiles(
  source: string | URL | undefined,
  options: ModelFilesOptions,
): Promise<ModelFiles> {
  if (typeof source === 'string' && isHubId(source)) {
    // By itself: pages with models of their own do not pay for the hub.
    const { hubModelFiles } = await import('./hub/hub-model-files.js');
    return hubModelFiles(source, options);
  }
  if (source === undefined) throw noDefaultModel();
  if (options.revision !== undefined) {
    throw new InvalidArgumentError('revision', 'A URL has no revisions; only a model on the hub (owner/name) has.');
  }
  const url = pageUrl(source, 'source');
  if (isFetchable(url)) return urlFiles(url, { ...options, advice: FETCH_ADVICE });
  throw new InvalidArgumentError(
    'source',
    `In a browser a model comes from the hub (owner/name) or an http(s): URL, not from ${url.href}.`,
  );
}

function noDefaultModel(): InvalidArgumentError {
  return new InvalidArgumentError(
    'source',
    'In a browser the default model has no address until you give it one: copy it to a folder that your server has ' +
      "(npx captioneer copy-model public/models/default), and give its address: Captioner.load('/models/default/').",
  );
}
