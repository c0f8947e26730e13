import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { InvalidArgumentError } from '../../../../core/index.js';
import { errorCode } from '../../files/read-file.js';

/** What the environment variables of the Hugging Face libraries say. */
export interface HubEnvironment {
  readonly hubUrl: string;
  readonly token: string | undefined;
  readonly isOffline: boolean;
  /** The folder that has a folder for each model. */
  readonly cacheFolder: string;
}

/**
 * Reads the environment as those libraries do
 * (https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables).
 *
 * - `HF_ENDPOINT`: address of the hub; default `https://huggingface.co`.
 * - `HF_TOKEN`: access token; else the file that `HF_TOKEN_PATH` names, by default `token` in `HF_HOME`.
 * - `HF_HUB_OFFLINE`: `1`, `on`, `yes` or `true` asks no hub.
 * - `HF_HUB_CACHE`, else `hub` in `HF_HOME`, else `huggingface/hub` in `XDG_CACHE_HOME`, else in `~/.cache`.
 *
 * @throws InvalidArgumentError for an endpoint that is no http(s) URL, or a token that cannot be one
 */
export async function readHubEnvironment(): Promise<HubEnvironment> {
  const { getHFHubCachePath } = await import('@huggingface/hub');
  const home = value('HF_HOME') ?? join(value('XDG_CACHE_HOME') ?? join('~', '.cache'), 'huggingface');
  const token = value('HF_TOKEN') ?? (await readToken(expand(value('HF_TOKEN_PATH') ?? join(home, 'token'))));
  if (token !== undefined && !/^hf_\S+$/.test(token)) {
    throw new InvalidArgumentError(
      'HF_TOKEN',
      'The access token in HF_TOKEN must begin with "hf_". Correct or unset it.',
    );
  }
  return {
    hubUrl: readEndpoint(value('HF_ENDPOINT')),
    token,
    isOffline: /^(1|on|yes|true)$/i.test(value('HF_HUB_OFFLINE') ?? ''),
    cacheFolder: expand(getHFHubCachePath()),
  };
}

/** A variable's value; undefined where it is not set, or empty. */
function value(name: string): string | undefined {
  const text = process.env[name]?.trim();
  return text === '' ? undefined : text;
}

function readEndpoint(endpoint = 'https://huggingface.co'): string {
  if (/^https?:\/\//i.test(endpoint) && URL.canParse(endpoint)) return endpoint.replace(/\/+$/, '');
  throw new InvalidArgumentError('HF_ENDPOINT', `HF_ENDPOINT is "${endpoint}". Give an http(s) URL, or unset it.`);
}

async function readToken(path: string): Promise<string | undefined> {
  try {
    const text = (await readFile(path, 'utf8')).trim();
    return text === '' ? undefined : text;
  } catch (cause) {
    // Nobody has logged in on this machine, or may not read it: public models need no token.
    if (errorCode(cause) !== undefined) return undefined;
    throw cause;
  }
}

function expand(path: string): string {
  return path.replace(/^~(?=$|[\\/])/, homedir());
}
