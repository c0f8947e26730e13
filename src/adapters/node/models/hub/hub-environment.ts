import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { InvalidArgumentError, type HubOptions } from '../../../../core/index.js';
import { errorCode } from '../../files/read-file.js';

/** What the caller, and else the environment variables of the Hugging Face libraries, say of the hub. */
export interface HubEnvironment {
  readonly hubUrl: string;
  readonly token: string | undefined;
  readonly isOffline: boolean;
  /** The folder that has a folder for each model. */
  readonly cacheFolder: string;
}

const DEFAULT_ENDPOINT = 'https://huggingface.co';

/**
 * Reads the environment as those libraries do
 * (https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables).
 *
 * - `HF_ENDPOINT`: address of the hub; default `https://huggingface.co`.
 * - `HF_TOKEN`: access token of that hub, and of no other that the caller names; else the file that `HF_TOKEN_PATH` names, by default `token` in `HF_HOME`.
 * - `HF_HUB_OFFLINE`: `1`, `on`, `yes` or `true` asks no hub.
 * - `HF_HUB_CACHE` (or, as it was named, `HUGGINGFACE_HUB_CACHE`), else `hub` in `HF_HOME`, else `huggingface/hub` in `XDG_CACHE_HOME`, else in `~/.cache`.
 *
 * @param hub what the caller says; it goes before the environment
 * @throws InvalidArgumentError for an endpoint that is not an http(s) URL, or a token that cannot be one
 */
export async function readHubEnvironment(hub: HubOptions = {}): Promise<HubEnvironment> {
  const endpoint = value('HF_ENDPOINT') ?? DEFAULT_ENDPOINT;
  // The token of the environment is for the hub of the environment.
  const isItsHub = hub.url === undefined || originOf(hub.url) === originOf(endpoint);
  return {
    hubUrl: hub.url ?? readEndpoint(endpoint),
    token: hub.token ?? (isItsHub ? await environmentToken() : undefined),
    isOffline: hub.offline ?? /^(1|on|yes|true)$/i.test(value('HF_HUB_OFFLINE') ?? ''),
    cacheFolder: hub.cacheDir === undefined ? environmentCache() : (expand(hub.cacheDir) ?? hub.cacheDir),
  };
}

function environmentCache(): string {
  const folder = value('HF_HUB_CACHE') ?? value('HUGGINGFACE_HUB_CACHE') ?? join(hubHome(), 'hub');
  const expanded = expand(folder);
  if (expanded !== undefined) return expanded;
  const advice = 'Set HF_HOME to a folder that this process may write.';
  throw new InvalidArgumentError(
    'HF_HOME',
    `This user has no home folder, in which models of the hub are kept by default. ${advice}`,
  );
}

async function environmentToken(): Promise<string | undefined> {
  const path = expand(value('HF_TOKEN_PATH') ?? join(hubHome(), 'token'));
  const token = value('HF_TOKEN') ?? (path === undefined ? undefined : await readToken(path));
  // It becomes a part of a header.
  if (token === undefined || /^[!-~]+$/.test(token)) return token;
  throw new InvalidArgumentError(
    'HF_TOKEN',
    'The access token in HF_TOKEN must be of visible ASCII characters, without spaces. Correct or unset it.',
  );
}

function hubHome(): string {
  return value('HF_HOME') ?? join(value('XDG_CACHE_HOME') ?? join('~', '.cache'), 'huggingface');
}

/** A variable's value; undefined if it is not set, or empty. */
function value(name: string): string | undefined {
  const text = process.env[name]?.trim();
  return text === '' ? undefined : text;
}

function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

function readEndpoint(endpoint: string): string {
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

/** A path with `~` as the home folder; undefined if it begins with that and there is none, as for a user of a number only. */
function expand(path: string): string | undefined {
  if (!/^~(?=$|[\\/])/.test(path)) return path;
  try {
    return join(homedir(), path.slice(1));
  } catch {
    return undefined;
  }
}
