/** Which hub is asked, and how. */
export interface HubSettings {
  /** Address of the hub, such as `https://huggingface.co`, without a slash at its end. */
  readonly hubUrl: string;
  /** Access token for private and gated models; it goes to the hub alone, not to where the hub redirects. */
  readonly token?: string | undefined;
  /** Whether nothing is asked and only what is kept already is used. */
  readonly isOffline: boolean;
  /** Longest silence of a server, in milliseconds. */
  readonly timeoutMs: number;
  /** Waits before a request that failed for a reason that may pass is tried again, in milliseconds. */
  readonly retryWaitsMs: readonly number[];
  /** Default the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
}
