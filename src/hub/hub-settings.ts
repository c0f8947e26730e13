/** How messages name what can be set. */
export interface HubSettingNames {
  /** What sets the access token. */
  readonly token: string;
  /** What keeps the hub from being asked. */
  readonly offline: string;
  /** Where else a model of that id was looked for in vain, such as `no such folder here`. */
  readonly elsewhere?: string;
  /** What to do if the hub gives no answer. */
  readonly unreachable: string;
}

/** Which hub is asked, and how. */
export interface HubSettings {
  readonly names: HubSettingNames;
  /** Address of the hub, such as `https://huggingface.co`, without a slash at its end. */
  readonly hubUrl: string;
  /** Access token for private and gated models; it goes to the hub's origin alone, not to where the hub redirects. */
  readonly token?: string | undefined;
  /** Whether nothing is asked and only what is kept already is used. */
  readonly isOffline: boolean;
  /** Longest silence of a server, in milliseconds. */
  readonly timeoutMs: number;
  /** Waits before a request that failed for a reason that may pass is tried again, in milliseconds. */
  readonly retryWaitsMs: readonly number[];
  /** Default the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Who follows redirects; browsers require `'fetch'`. Default `'fetch'`. */
  readonly redirects?: 'library' | 'fetch';
}
