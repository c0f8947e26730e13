import { FetchError } from '../core/index.js';
import { retryAfterMs, tryAgain } from '../http/index.js';
import type { HubSettingNames } from './hub-settings.js';

/** What was asked for when a hub refused. */
export interface Asked {
  readonly hubUrl: string;
  /** `owner/name`. */
  readonly id: string;
  readonly revision: string;
  readonly hasToken: boolean;
  readonly names: HubSettingNames;
}

/**
 * The error for an answer that refuses, with what to do about it. The hub's header `X-Error-Code` tells a missing
 * repository, revision and file apart.
 */
export function hubRefusal({ status, headers }: Response, url: string, asked: Asked): FetchError {
  const reason = explain(status, headers, asked);
  const waitMs = retryAfterMs(headers);
  return new FetchError(url, `${asked.id}: ${reason} (${url} answered ${status})`, {
    status,
    ...(waitMs !== undefined && { retryAfterMs: waitMs }),
  });
}

function explain(status: number, headers: Headers, { hubUrl, id, revision, hasToken, names }: Asked): string {
  const errorCode = headers.get('x-error-code') ?? '';
  if (errorCode === 'GatedRepo') {
    const token = hasToken ? 'with the account of your token' : `and set ${names.token} to a token of your account`;
    return `this model is gated. Accept its terms at ${hubUrl}/${id} ${token}.`;
  }
  if (errorCode === 'RevisionNotFound') return `there is no revision "${revision}". Give a branch, tag or commit.`;
  if (errorCode === 'EntryNotFound') return `the file is gone from revision "${revision}". Load the model again.`;
  if (status === 404 || (status === 401 && !hasToken)) {
    const token = hasToken ? `that ${names.token} may not read` : `for which ${names.token} must be set`;
    const elsewhere = names.elsewhere === undefined ? '' : `, and ${names.elsewhere}`;
    return `there is no such model at ${hubUrl}${elsewhere}; or it is a private one ${token}. Check the id.`;
  }
  if (status === 401) return `the token in ${names.token} is not valid. Make a new one, or unset it for public models.`;
  if (status === 403)
    return `the token in ${names.token} may not read this model. Ask its owner, or use another token.`;
  if (status === 429) return `the hub has had too many requests. ${tryAgain(headers)} ${KEPT}`;
  if (status >= 500) return `the hub is not available. ${tryAgain(headers)} ${KEPT}`;
  return 'the hub refused. Check the id and the revision.';
}

const KEPT = 'What has been downloaded is kept.';
