import { InvalidArgumentError } from '../../../../core/index.js';

/** Which hub models come from by their id. */
export interface HubOptions {
  /** Address of the hub. Default `https://huggingface.co`. */
  readonly hubUrl?: string;
  /** Access token for private and gated models. Whoever sees the page's code sees it. Default none. */
  readonly hubToken?: string;
}

/** @throws InvalidArgumentError for an address that is no http(s) URL, or a token that cannot be one */
export function resolveHubOptions({ hubUrl = 'https://huggingface.co', hubToken }: HubOptions) {
  if (!/^https?:\/\//i.test(hubUrl) || !URL.canParse(hubUrl)) {
    throw new InvalidArgumentError('hubUrl', `hubUrl is "${hubUrl}". Give an http(s) URL.`);
  }
  if (hubToken !== undefined && !/^hf_\S+$/.test(hubToken)) {
    throw new InvalidArgumentError('hubToken', 'hubToken must begin with "hf_". Correct it, or leave it out.');
  }
  return { hubUrl: hubUrl.replace(/\/+$/, ''), hubToken };
}
